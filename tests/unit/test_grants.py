"""Who may do what: infrastructure/README.md has every grant of Terraform's, and no other."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tests.unit.document_texts import ROOT, read
from tests.unit.written_grants import Grants
from tools.terraform_names.written import FOLDER

if TYPE_CHECKING:
    from pathlib import Path

PAGE: Final = ROOT / "infrastructure" / "README.md"


def rows_of(head: str) -> list[str]:
    """Return the rows of the table of the page that begins with this head."""
    found = re.search(rf"^{re.escape(head)}\n\|[-|]+\n((?:\|.*\n)+)", read(PAGE), re.MULTILINE)
    assert found, head
    return found.group(1).splitlines()


def wrong_grants(folder: Path = FOLDER) -> list[str]:
    """Return the rows that only Terraform has, after `+`, and those that only the page has."""
    grants, found = Grants(folder), []
    for head, written in (
        ("| who | role | on | when |", grants.rows()),
        ("| name | leans on |", grants.names()),
    ):
        expected = rows_of(head)
        assert len(expected) == len(set(expected)), "a row stands twice"
        found += [f"+ {row}" for row in written if row not in expected or written.count(row) > 1]
        found += [f"- {row}" for row in expected if row not in written]
    return found


def test_the_page_has_every_grant_and_no_other() -> None:
    assert wrong_grants() == []


def test_every_account_has_a_grant_and_a_row_in_words() -> None:
    names = re.findall(
        r'account_id\s*=\s*"([^"]+)"', "".join(map(read, sorted(FOLDER.glob("*.tf"))))
    )
    assert len(names) == 6
    granted = {row.split("|")[1].strip().strip("`") for row in Grants().rows()}
    assert set(names) - granted == set()
    in_words = rows_of("| account | may | may not |")
    assert {row.split("`")[1] for row in in_words} == set(names)
