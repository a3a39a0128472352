"""Where objects (sent films, renditions, pictures) are kept: one contract, two implementations."""
