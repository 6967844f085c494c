"""Benchmarks: what the board costs, as ratios to a peer measured in the same run. Never tests."""
