"""Who is here: the people and organisations of this site, for administrators alone."""
