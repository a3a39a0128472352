"""Shared vocabularies: occupations (ROME 4.0) and places (communes), and how names compare."""
