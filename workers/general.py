"""Mails, search entries, purges: short jobs that must not wait behind a film."""

from cvtube.cli.processes import run_worker

if __name__ == "__main__":
    run_worker("general")
