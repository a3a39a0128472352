"""The bell that wakes workers. What is to be done is in the database, never here alone."""
