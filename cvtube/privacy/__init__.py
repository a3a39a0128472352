"""Keeping no more than needed, no longer than needed."""
