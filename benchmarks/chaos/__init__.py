"""A kill storm: SIGKILL of every kind of process while people send films, and what is left."""
