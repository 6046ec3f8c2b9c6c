"""A file that was loaded a thousand times, form spam: many records that say the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.conftest import ROOT
from tests.integration.copied_records import (
    COMPANIES,
    COMPANIES_MAPPING,
    PEOPLE,
    PEOPLE_MAPPING,
    copies,
    other_companies,
    other_people,
    resolve_rows,
)

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.integration, pytest.mark.slow_fault]

PERSON = "crm,Priya,Nairne,priya.nairne@acme.com,+442079460018,1984-05-06"
ONLY_MAIL = "crm,,,priya.nairne@acme.com,,"
COMPANY = "Zebra Paper Ltd,zebrapaper.com,+442079460018,5 Mill Lane,Leeds"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make the real project the current one."""
    monkeypatch.setenv("CONCORD_PROJECT_DIR", str(ROOT))
    return tmp_path


@pytest.mark.parametrize(
    ("number", "row", "others"),
    [(1000, PERSON, 0), (1000, PERSON, 1000), (5000, PERSON, 1000), (5000, ONLY_MAIL, 1000)],
)
def test_copies_of_a_person(folder: Path, number: int, row: str, others: int) -> None:
    rows = PEOPLE + other_people(others) + copies("copy", number, row)
    found = resolve_rows(folder, PEOPLE_MAPPING, rows)
    assert (len(found.of("copy")), len(found.of("other"))) == (1, others)
    assert found.rounds <= 3


def test_copies_of_a_company(folder: Path) -> None:
    rows = COMPANIES + other_companies(1000) + copies("copy", 5000, COMPANY)
    found = resolve_rows(folder, COMPANIES_MAPPING, rows)
    assert (len(found.of("copy")), len(found.of("other"))) == (1, 1000)
    assert found.rounds <= 3
