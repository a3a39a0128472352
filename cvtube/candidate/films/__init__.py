"""A candidate's videos: the list, the page of each, its parts, and what becomes of them."""
