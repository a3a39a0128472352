"""From "uploaded" to "ready"."""
