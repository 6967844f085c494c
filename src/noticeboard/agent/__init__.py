"""The program beside a screen or at a neighbour's: it witnesses logs and keeps copies of them."""
