"""A row of a company's own word list that no record can ever match fails a test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from dbt.cli.main import dbtRunner

from orchestrator.local_warehouse import process
from tests.project_copy import ROOT, STATE, copy_project

if TYPE_CHECKING:
    from pathlib import Path

    from dbt.contracts.results import RunExecutionResult

# dbt runs in this process: tracing it takes half as long again, and others measure the same.
pytestmark = [pytest.mark.integration, pytest.mark.no_cover]

GOOD = {
    "nicknames": "chuy,jesus",
    "free_mail_domains": "posteo.example\nmail.co.nz",
    "role_mailboxes": "front.desk",
    "company_suffixes": "kdd,kdd,false\nждш,too,true",
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


def build(project: Path, rows: dict[str, str]) -> RunExecutionResult:
    for name, text in rows.items():
        path = project / "seeds" / "custom" / f"custom_{name}.csv"
        header = path.read_text(encoding="utf-8").splitlines()[0]
        path.write_text(f"{header}\n{text}\n", encoding="utf-8")
    folders = ("--project-dir", str(project), "--profiles-dir", str(project))
    result: RunExecutionResult = (
        dbtRunner().invoke(["build", *folders, "--quiet", "--select", "path:seeds/custom"]).result
    )
    return result


def failed_tests(result: RunExecutionResult) -> set[str]:
    return {one.node.name for one in result.results if one.status in {"fail", "error"}}


def test_a_row_that_can_never_match_is_told(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = copy_project(tmp_path_factory.mktemp("words"))
    data_dir = tmp_path_factory.mktemp("warehouse")
    with process.ephemeral(
        data_dir, "concord-local", "1GB", project_dir=project, state_dir=ROOT / STATE
    ) as running:
        for name, value in running.variables().items():
            monkeypatch.setenv(name, value)
        assert failed_tests(build(project, GOOD)) == set()
        told = failed_tests(build(project, BAD))
    assert {test for test in told if "can_match" not in test} == set()
    for name in BAD:
        assert any(f"custom_{name}" in test for test in told), (name, told)
    assert len(told) == 10
