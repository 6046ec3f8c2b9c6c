"""A row of a company's own word list that no record can ever match fails a test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.conftest import run_dbt, statuses_of
from tests.project_copy import copy_project, share_translations

if TYPE_CHECKING:
    from pathlib import Path

# dbt runs in this process: tracing it takes half as long again, and others measure the same.
pytestmark = [pytest.mark.integration, pytest.mark.no_cover]

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
# Of the kinds of a placeholder and of a sender BAD has two each.
TOLD = {
    "can_match_custom_company_suffixes_word__company_word",
    "can_match_custom_free_mail_domains_domain__domain",
    "can_match_custom_name_placeholders_name__name",
    "can_match_custom_nicknames_name__given_name",
    "can_match_custom_nicknames_root__given_name",
    "can_match_custom_role_mailboxes_local_part__local_part",
    "custom_automatic_senders_address_can_match",
    "custom_automatic_senders_domain_can_match",
    "custom_email_placeholders_domain_can_match",
    "custom_email_placeholders_local_part_can_match",
}


def failed_tests(project: Path, rows: dict[str, str]) -> set[str]:
    """Build the lists with these rows; returns the names of what failed."""
    for name, text in rows.items():
        path = project / "seeds" / "custom" / f"custom_{name}.csv"
        header = path.read_text(encoding="utf-8").splitlines()[0]
        path.write_text(f"{header}\n{text}\n", encoding="utf-8")
    found = statuses_of(run_dbt(project, "build", "--select", "path:seeds/custom"))
    return {name for name, status in found.items() if status in {"fail", "error"}}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = copy_project(tmp_path_factory.mktemp("words"))
    share_translations(project)
    return project


@pytest.mark.usefixtures("use_warehouse")
def test_a_row_that_can_never_match_is_told(folder: Path) -> None:
    assert failed_tests(folder, GOOD) == set()
    assert failed_tests(folder, BAD) == TOLD
