"""Words for the names of columns and comparisons."""

from __future__ import annotations

from typing import Final

LABELS: Final = {
    "prior": "Starting point",
    "related": "Explained otherwise",
    "email": "E-mail",
    "emails": "E-mails",
    "email_local_part": "E-mail local part",
    "company_name": "Company",
    "name_suffix": "Suffix",
}


def label(name: str) -> str:
    """Return the words for a column or comparison."""
    return LABELS.get(name, name.replace("_", " ").capitalize())
