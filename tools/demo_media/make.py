"""Make the demo's films anew: cvtube/demo/clips from cvtube/demo/people.json.

Costs about a minute for each film on two cores; only needed when people, words or looks change.

usage: python3 -m tools.demo_media.make [CLIP …]
"""

from __future__ import annotations

import sys
from pathlib import Path

from tools.speech import environment

if __name__ == "__main__":
    render = Path(__file__).with_name("render.py")
    environment.run(render, str(environment.WORK), *sys.argv[1:])
