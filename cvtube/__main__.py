"""`python -m cvtube` is the `cvtube` command."""

import gc

# Imports make no garbage: looking for it while they run is a sixth of a process's start.
gc.disable()

from cvtube.cli import main  # noqa: E402

gc.freeze()  # nor is there any in what was imported, whatever forks from here
gc.enable()
main()
