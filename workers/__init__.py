"""`cvtube worker ROLE` and `cvtube clock` as scripts of this checkout."""
