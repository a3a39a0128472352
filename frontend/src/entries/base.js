// Runs on every page; pages must work without it.
