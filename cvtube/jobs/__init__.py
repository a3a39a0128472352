"""Durable jobs: rows say what is to be done, workers claim them by a lease."""
