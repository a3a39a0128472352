"""`python -m cvtube` is the `cvtube` command."""

from cvtube.cli import main

main()
