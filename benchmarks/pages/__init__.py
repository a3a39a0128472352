"""How good the pages are, as Lighthouse sees them."""
