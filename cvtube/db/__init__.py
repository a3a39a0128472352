"""The database: one Base, one way to make sessions, and what must happen after a commit."""
