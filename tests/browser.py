"""A real Chromium for journeys; filled in with the first journey."""
