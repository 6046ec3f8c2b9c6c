"""Whether what an expression reads is there: blocks by their addresses, and their attributes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from tools.terraform_names.written import blocks_of, local_values, unquoted, written_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# google_storage_bucket.runs, with `[0]`, `[each.key]` or `[*]`, and what is read of it.
READ: Final = re.compile(
    r"(?<![\w.-])((?:data\.)?google_\w+)\.(\w+)(?:\[[^\]]*\])?(?:\.(\w+))?|"
    r"(?<![\w.-])(local|var)\.(\w+)"
)
KINDS: Final = ("resource", "data", "locals", "output", "provider", "variable", "check")


def unknown_references(folder: Path, known: dict[str, Any]) -> list[str]:
    """Return a line for each address or attribute that no block has."""
    blocks = {one.address: one for one in written_blocks(folder)}
    names = {f"local.{name}" for name in local_values(folder)}
    names |= {f"var.{unquoted(k)}" for one in blocks_of(folder, "variable") for k in one}
    texts = (
        text for kind in KINDS for one in blocks_of(folder, kind) for text in _expressions(one)
    )
    found = set()
    for of_type, name, attribute, space, own in (read for text in texts for read in _read_in(text)):
        address = f"{space}.{own}" if space else f"{of_type}.{name}"
        if address not in names and address not in blocks:
            found.add(f"nothing is called {address}")
        elif attribute:
            one = blocks[address]
            schema = known[one.kind].get(one.type, {"arguments": {}, "blocks": {}})
            if attribute not in {**schema["arguments"], **schema["blocks"]}:
                found.add(f"{address} has no {attribute}")
    return sorted(found)


def _read_in(text: str) -> Iterator[tuple[str, ...]]:
    yield from (read.groups(default="") for read in READ.finditer(text))


def _expressions(value: Any) -> Iterator[str]:  # noqa: ANN401 - a value of HCL
    """Return the expressions in a value; of a text only what is put into it."""
    if isinstance(value, dict):
        for name, one in value.items():
            if not name.startswith("__"):
                yield from _expressions(one)
    elif isinstance(value, list):
        for one in value:
            yield from _expressions(one)
    elif isinstance(value, str):
        yield value if value.startswith("${") else " ".join(re.findall(r"\$\{([^}]*)\}", value))
