"""How workers are told that there is work. What is to be done is in the database, never here."""
