"""Finding films: from typed words and filters to pages of results, the same on both databases."""
