"""Hostile values, by what a column is meant to hold; the texts are in values.json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

POOLS: Final[dict[str, list[str]]] = json.loads(
    (Path(__file__).parent / "values.json").read_text(encoding="utf-8")
)
HUGE: Final = (
    *("x" * 200_000, "a b " * 5_000, "@" * 5_000, "(" * 5_000, "9" * 20_000, "\u00e9" * 20_000),
    *("a@" * 5_000, ";" * 5_000, "ann@example.org;" * 2_000, "\u0301" * 5_000, "a, " * 3_000),
)
# The pools of columns whose names hold one of these words; the first that fits counts.
BY_MEANING: Final = (
    (("email", "address", "mailbox"), ("emails",)),
    (("phone", "number"), ("phones",)),
    (("website", "domain"), ("webs",)),
    (("birth", "date"), ("dates",)),
    (("street", "city", "state", "region", "zip", "post", "country"), ("streets",)),
    (("name", "company", "title", "suffix", "salutation"), ("names", "streets")),
    (("direction", "type", "status"), ("words",)),
)
ANYTHING: Final = ("scripts", "marks", "controls", "jsons", "numbers", "names")
INTEGERS: Final = (0, 1, -1, 2**63 - 1, -(2**63), 10**12, -(10**6), 59, 60_000, 10_101)


def pool(*names: str) -> list[str]:
    """Return the texts of some pools."""
    return [text for name in names for text in POOLS[name]]
