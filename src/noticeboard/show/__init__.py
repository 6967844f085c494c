"""The one way out: the board and a moment become a page, and when to look again."""
