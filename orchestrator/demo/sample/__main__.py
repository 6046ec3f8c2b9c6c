"""`python -m demo_data FOLDER`: writes the sample as files."""

import argparse
from datetime import date
from pathlib import Path

from orchestrator.demo.sample.sample import DEFAULT_DAY, DEFAULT_PEOPLE, DEFAULT_SEED, write_sample


def main() -> None:
    """Reads the command line, writes the files, says what was written."""
    parser = argparse.ArgumentParser(prog="python -m demo_data", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the files go; made when missing")
    parser.add_argument(
        "--seed", type=int, default=DEFAULT_SEED, help="another seed, another world"
    )
    parser.add_argument("--people", type=int, default=DEFAULT_PEOPLE, help="how many real people")
    parser.add_argument(
        "--day",
        type=date.fromisoformat,
        default=DEFAULT_DAY,
        help="the day that the sample is from",
    )
    arguments = parser.parse_args()
    files = write_sample(arguments.folder, arguments.seed, arguments.people, arguments.day)
    for table, path in files.tables.items():
        print(f"{table:28} {path}")  # noqa: T201 - the tool speaks
    print(f"{'truth':28} {files.person_truth.parent}")  # noqa: T201


if __name__ == "__main__":
    main()
