"""Making a film in chapters: from a question to a take in the film."""
