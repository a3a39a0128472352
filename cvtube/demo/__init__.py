"""Invented people with real films, made by the product's own pipeline when a demo starts."""
