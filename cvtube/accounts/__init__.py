"""People: who they are here, how they prove it, and what candidates say about themselves."""
