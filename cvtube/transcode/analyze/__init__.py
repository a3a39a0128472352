"""What a film is made of, and what is wrong with it, before anything is made of it."""
