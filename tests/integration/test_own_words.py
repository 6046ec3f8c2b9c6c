"""A row of a company's own word list that no record can ever match fails a test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.conftest import run_dbt
from tests.project_copy import copy_project, share_translations

if TYPE_CHECKING:
    from pathlib import Path

# dbt runs in this process: tracing it takes half as long again, and others measure the same.
pytestmark = [pytest.mark.integration, pytest.mark.no_cover, pytest.mark.slow]

GOOD = {
    "nicknames": "chuy,jesus",
    "free_mail_domains": "posteo.example\nmail.co.nz",
    "role_mailboxes": "front.desk",
    "company_suffixes": "kdd,kdd,false\nждш,too,true\nsp z oo,spzoo,false",
    "name_placeholders": "walk in customer,false,false",
    "email_placeholders": "address,nobody@shop.example\nlocal_part,kein.email\ndomain,shop.example",
    "automatic_senders": "host,bounce.shop.example\nsubdomain,shop.example",
}
BAD = {
    "nicknames": "Chuy,jesús",
    "free_mail_domains": "https://posteo.example\nwww.mail.example",
    "role_mailboxes": "Front.Desk",
    "company_suffixes": "k.d.d.,kdd,false",
    "name_placeholders": "walk-in customer,false,false",
    "email_placeholders": "domain,mail.shop.example\nlocal_part,kein+email",
    "automatic_senders": "address,Tickets <tickets@shop.example>\ndomain,a.shop.example",
}
TOLD = {
    "nicknames": 2,
    "free_mail_domains": 2,
    "role_mailboxes": 1,
    "company_suffixes": 1,
    "name_placeholders": 1,
    "email_placeholders": 2,
    "automatic_senders": 2,
}
# A row that stands twice.
REPEATED = {
    "nicknames": "chuy,jesus\nchuy,jesus",
    "automatic_senders": "host,a.example\nhost,a.example",
}


def told_rows(project: Path, rows: dict[str, str]) -> dict[str, int]:
    """Build the lists with these rows; returns how many rows of each list a test tells."""
    for name, text in rows.items():
        path = project / "seeds" / "custom" / f"custom_{name}.csv"
        header = path.read_text(encoding="utf-8").splitlines()[0]
        path.write_text(f"{header}\n{text}\n", encoding="utf-8")
    done = run_dbt(
        project,
        *("build", "--select", "path:seeds/custom", "--exclude", "tag:development"),
    )
    assert done.exception is None, done.exception
    tests = [one for one in done.result.results if one.node.resource_type == "test"]
    assert len(tests) == len(GOOD)
    lists = {one.node.attached_node.rpartition(".custom_")[2]: one.failures for one in tests}
    return {name: n_rows for name, n_rows in lists.items() if n_rows}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = copy_project(tmp_path_factory.mktemp("words"))
    share_translations(project)
    return project


@pytest.mark.usefixtures("use_warehouse")
def test_a_row_that_can_never_match_is_told(folder: Path) -> None:
    assert told_rows(folder, GOOD) == {}
    assert told_rows(folder, BAD) == TOLD


@pytest.mark.usefixtures("use_warehouse")
def test_a_row_that_stands_twice_is_told(folder: Path) -> None:
    assert told_rows(folder, GOOD | REPEATED) == dict.fromkeys(REPEATED, 1)
