"""The rules: pure functions and frozen values; no disk, no clock, no network."""
