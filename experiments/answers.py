"""All experiments, and docs/answers.md from what they found.

    python experiments/answers.py                          # runs what has no result yet
    python experiments/answers.py --city southend.nc       # real_southend needs the imported city
    python experiments/answers.py --only channels          # one of them; the rest as they were
    python experiments/answers.py --again                  # runs even what has a result

The numbers of the page are those of results/NAME/answers.csv, copied with the figures to
results/gallery/answers; the page is written from that folder alone.
"""

from __future__ import annotations

import argparse
import importlib
import subprocess
import sys
from pathlib import Path

from loopsim.limits import Refused
from loopsim.study.answers import page as answers_page

HERE = Path(__file__).resolve().parent
# In the order of the page: the lines that each is run with.
RUNS = {
    "dose_response": ["replicates=32"],
    "regimes": ["replicates=64"],
    "channels": ["replicates=128"],
    "stop_the_loop": ["replicates=64"],
    "segregation": ["replicates=4"],
    "predictable_policing": ["replicates=64"],
    "counter_examples": ["replicates=128"],
    "real_southend": ["replicates=32"],
}


def main() -> int:
    """Run what is missing, keep what was found, write the page."""
    asked = arguments()
    try:
        for name in asked.only or RUNS:
            folder = Path(asked.results) / name
            if asked.again or not (folder / "answers.csv").is_file():
                launch(name, folder, asked.city)
            answers_page.keep(name, folder, Path(asked.kept), importlib.import_module(name).FIGURES)
        scripts = {n: ((HERE / f"{n}.py").read_text("utf-8"), importlib.import_module(n).told) for n in RUNS}
        answers_page.write(
            Path(asked.page), answers_page.page(scripts, Path(asked.kept), "../results/gallery/answers")
        )
    except Refused as refused:
        for line in refused.lines:
            print(f"loopsim: {line}", file=sys.stderr)
        return 2
    return 0


def arguments():
    """What the command takes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0], allow_abbrev=False)
    parser.add_argument("--only", nargs="+", choices=RUNS, metavar="NAME", help=", ".join(RUNS))
    parser.add_argument("--again", action="store_true", help="run even what has a result")
    parser.add_argument("--city", help="file of loopsim city import, for real_southend")
    parser.add_argument("--results", default="results", help="folder of the results")
    parser.add_argument("--kept", default="results/gallery/answers", help="folder of tables and figures")
    parser.add_argument("--page", default="docs/answers.md", help="the page")
    return parser.parse_args()


def launch(name: str, folder: Path, city: str | None) -> None:
    """Run an experiment as a user would."""
    lines = [*RUNS[name], f"out={folder}"]
    if name == "real_southend":
        if city is None:
            raise Refused(
                "real_southend needs --city FILE, made by loopsim city import; or name others with --only"
            )
        lines.append(f"city.file={city}")
    if subprocess.run([sys.executable, str(HERE / f"{name}.py"), *lines]).returncode:
        raise Refused(f"experiments/{name}.py did not finish; what it said stands above")


if __name__ == "__main__":
    sys.exit(main())
