"""Everything kept in the database: SQLite in one folder, PostgreSQL when it grows."""
