"""Signing: keys that never leave their folder, and a signer that never goes back."""
