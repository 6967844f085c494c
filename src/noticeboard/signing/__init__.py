"""Keys of the log: made once, used only to sign."""
