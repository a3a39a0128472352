"""How the work stands: a page for staff, and numbers for Prometheus."""
