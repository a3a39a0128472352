"""From "ready" to "approved", and back."""
