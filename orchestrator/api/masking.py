"""What a reader sees of values: of contacts the shape alone, wherever they stand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from orchestrator.proposal.masked import masked_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orchestrator.serving.snapshot import Row

# Of pii.yml. Names are what tells people apart; ids are looked through for what they are made of.
MASKED_KINDS: Final = ("email", "phone", "address", "birth_date", "text")
# Columns of answers that have another name in the tables.
NAMED_OTHERWISE: Final = {"reason": "text"}
# In ids of mailboxes and callers, and where a contact stands in for a name that nobody knows.
CONTACT: Final = re.compile(
    r"[^\s@<>\"(),:;]+@[^\s@<>\"(),:;]+|\+\d[\d ().\-/]{5,}\d|(?<![\w.\-:])\(?0\d[\d ().\-/]{5,}\d"
)


def masked_row(row: Row, kinds: Mapping[str, str]) -> Row:
    """Return a row without contacts; `kinds` are those of personal data by column."""
    known = {**kinds, **NAMED_OTHERWISE}
    return {
        name: _masked(value, is_whole=known.get(name) in MASKED_KINDS)
        for name, value in row.items()
    }


def without_contacts(text: str) -> str:
    """Return a text in which of contacts only the shape is left."""
    return CONTACT.sub(lambda found: masked_value(found[0]), text)


def _masked(value: Any, *, is_whole: bool) -> Any:  # noqa: ANN401 - of a cell
    if isinstance(value, list):
        return [_masked(item, is_whole=is_whole) for item in value]
    if isinstance(value, dict):
        return {key: _masked(item, is_whole=is_whole) for key, item in value.items()}
    if is_whole and value is not None:
        return masked_value(str(value))
    return without_contacts(value) if isinstance(value, str) else value
