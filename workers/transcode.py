"""Makes films playable: one clip at a time, at low priority. One keeps two cores busy."""

from cvtube.cli.processes import run_worker

if __name__ == "__main__":
    run_worker("transcode")
