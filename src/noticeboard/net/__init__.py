"""The way out to other machines: one bounded HTTP client, and folders read the same way."""
