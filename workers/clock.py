"""Everything periodic, and whatever a lost message left undone. One is enough, two do no harm."""

from cvtube.cli.processes import run_clock_process

if __name__ == "__main__":
    run_clock_process()
