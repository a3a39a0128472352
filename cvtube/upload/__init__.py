"""From a browser's bytes to "uploaded"."""
