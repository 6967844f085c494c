"""What leaves the board as files that stand by themselves."""
