"""Records that say the same: one person or company, however many they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.conftest import ROOT
from tests.integration.copied_records import (
    COMPANIES,
    COMPANIES_MAPPING,
    PEOPLE,
    PEOPLE_MAPPING,
    WITH_REGISTER,
    copies,
    other_companies,
    other_people,
    resolve_rows,
)

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [
    pytest.mark.integration,
    pytest.mark.needs_models,
    pytest.mark.slow,
    # dbt runs in this process: tracing it takes half as long again, and others measure the same.
    pytest.mark.no_cover,
]

# Without copies nothing merges: one round that finds nothing to do, or none.
ROUNDS_WITHOUT_COPIES = 1


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make the real project the current one."""
    monkeypatch.setenv("CONCORD_PROJECT_DIR", str(ROOT))
    return tmp_path


def test_copies_of_a_person_are_one(folder: Path) -> None:
    rows = [
        PEOPLE,
        other_people(150),
        copies("two", 2, "crm,Priya,Nairne,priya.nairne@acme.com,+442079460018,1984-05-06"),
        copies("many", 61, "crm,Tomas,Havel,tomas.havel@globex.com,+442079460019,1971-02-03"),
        copies("more", 250, "web,Ingrid,Solberg,ingrid@initech.com,,"),
        copies("mail", 250, "web,,,wanda@hooli.com,,"),
        copies("name", 2, "web,Bilbo,,,,"),
        copies("nothing", 3, "web,,,,,"),
        copies("register", 2, "register,Olga,Petrova,olga@umbrella.com,+442079460020,1990-09-09"),
        copies("listed", 70, "crm,Olga,Petrova,olga@umbrella.com,+442079460020,1990-09-09"),
    ]
    found = resolve_rows(folder, WITH_REGISTER, "".join(rows))
    assert {group: len(found.of(group)) for group in ("two", "many", "more", "mail", "listed")} == {
        "two": 1,
        "many": 1,
        "more": 1,
        "mail": 1,
        "listed": 1,
    }
    # A first name alone is no person, nor is nothing at all; a register holds nobody twice.
    assert len(found.of("name")) == 2
    assert len(found.of("nothing")) == 3
    assert len(found.of("register")) == 2
    assert len(found.of("register") & found.of("listed")) == 1
    assert len(found.of("other")) == 150
    assert found.rounds <= ROUNDS_WITHOUT_COPIES + 2


def test_copies_of_a_person_alone_are_one(folder: Path) -> None:
    rows = PEOPLE + copies("alone", 61, "crm,Priya,Nairne,priya.nairne@acme.com,+442079460018,")
    found = resolve_rows(folder, PEOPLE_MAPPING, rows)
    assert len(found.of("alone")) == 1
    assert found.rounds <= ROUNDS_WITHOUT_COPIES + 2


def test_copies_of_a_company_are_one(folder: Path) -> None:
    rows = [
        COMPANIES,
        other_companies(150),
        copies("two", 2, "Zebra Paper Ltd,zebrapaper.com,+442079460018,5 Mill Lane,Leeds"),
        copies("many", 250, "Falcon Freight,falconfreight.com,+442079460019,9 Dock Road,York"),
        copies("site", 250, ",kestrelfoods.com,,,"),
        copies("nothing", 3, ",,,,"),
    ]
    found = resolve_rows(folder, COMPANIES_MAPPING, "".join(rows))
    assert [len(found.of(group)) for group in ("two", "many", "site")] == [1, 1, 1]
    assert len(found.of("nothing")) == 3
    assert len(found.of("other")) == 150
    assert found.rounds <= ROUNDS_WITHOUT_COPIES + 2
