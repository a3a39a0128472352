"""Drafts captions, one clip at a time, with what the films leave over. Optional."""

from cvtube.cli.processes import run_worker

if __name__ == "__main__":
    run_worker("captions")
