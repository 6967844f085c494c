"""The doors for browsers: public pages, the desk, the hall screens."""
