"""The product under load: many slow people at once, on one machine without a proxy."""
