"""Checks the names; with `make SOURCE` it writes `google.json` from a schema on its input."""

from __future__ import annotations

import json
import sys

from tools.terraform_names.check import SCHEMA, wrong_names
from tools.terraform_names.reduce import reduced_schema
from tools.terraform_names.written import written_blocks


def main(arguments: list[str]) -> int:
    """Check, or make the list of names anew; return the exit code."""
    if arguments[:1] == ["make"]:
        used = {(one.kind, one.type) for one in written_blocks()}
        names = reduced_schema(json.load(sys.stdin), used, " ".join(arguments[1:]))
        SCHEMA.write_text(json.dumps(names, indent=1) + "\n", "utf-8")
        return 0
    found = wrong_names()
    sys.stderr.writelines(f"{line}\n" for line in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
