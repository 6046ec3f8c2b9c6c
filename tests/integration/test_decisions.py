"""Decisions, from the command or the seed to the clusters that they bind."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest

from orchestrator.cli import execute
from orchestrator.decisions.kept import read_kept
from orchestrator.errors import EXIT_USAGE
from orchestrator.sources.own_tables import ensure_own_tables
from tests.integration.conftest import export_warehouse
from tests.integration.copied_records import (
    PEOPLE,
    PEOPLE_MAPPING,
    copies,
    other_people,
    resolve_rows,
)
from tests.project_copy import copy_project, share_translations

if TYPE_CHECKING:
    from pathlib import Path

    from orchestrator.bigquery.connect import Connection

pytestmark = [pytest.mark.integration, pytest.mark.no_cover]

ROWS: Final = "".join(
    (
        PEOPLE,
        other_people(120),
        # Two that match, and a third that matches both.
        "ann-0,crm,Ann,Lindqvist,ann.lindqvist@acme.com,+442079460111,1980-02-03\n",
        "ann-1,web,Ann,Lindqvist,ann.lindqvist@acme.com,,1980-02-03\n",
        "ann-2,web,Anne,Lindqvist,ann.lindqvist@acme.com,+442079460111,\n",
        copies("twin", 3, "crm,Tomas,Havel,tomas.havel@globex.com,+442079460019,1971-02-03"),
        # Strangers, and a register that says of itself that it holds nobody twice.
        "lone-0,crm,Ingrid,Solberg,ingrid@initech.com,,1966-01-09\n",
        "lone-1,crm,Paulo,Ferreira,,+442079460555,\n",
        "lone-2,register,Mina,Okafor,mina@hooli.com,,\n",
        "lone-3,register,Wilhelmina,Adeyemi,,,1955-05-05\n",
        "odd-0,crm,Sibyl,Crane,sibyl@umbrella.com,,\n",
        "odd-1,crm,Otto,Brandt,otto@vandelay.com,,\n",
        "odd-2,crm,Lars,Nyberg,lars@stark.com,,\n",
    )
)
MAPPING: Final = f"{PEOPLE_MAPPING}duplicate_free_sources: [register]\n"


def decided(*decisions: tuple[str, str, str]) -> str:
    """Return the seed with decisions about records of the file."""
    lines = ["decision_id,entity,left_id,right_id,verdict,decided_by,decided_at,reason"]
    for left, verdict, right in decisions:
        ids = [f"files:people:{one}" for one in (left, right)]
        lines.append(f",person,{ids[0]},{ids[1]},{verdict},ann,2026-01-01,known")
    return "\n".join(lines) + "\n"


@pytest.mark.needs_models
@pytest.mark.slow
def test_clusters_follow_decisions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = tmp_path / "project"
    project.mkdir()
    copy_project(project)
    share_translations(project)
    monkeypatch.setenv("CONCORD_PROJECT_DIR", str(project))
    before, after = tmp_path / "before", tmp_path / "after"
    before.mkdir()
    after.mkdir()

    found = resolve_rows(before, MAPPING, ROWS)
    assert [len(found.of(group)) for group in ("ann", "twin", "lone", "odd")] == [1, 1, 4, 3]

    seed = decided(
        # Inherited: what joins ann-1 stays away from ann-0.
        ("crm:ann-0", "different", "web:ann-1"),
        # Records that say the same are two; the third may be either.
        ("crm:twin-0", "unsure", "crm:twin-1"),
        # Transitive, over no pair, and over a source without duplicates.
        ("crm:lone-0", "same", "crm:lone-1"),
        ("crm:lone-1", "same", "register:lone-2"),
        ("register:lone-3", "same", "register:lone-2"),
        # Somebody is wrong, so nothing of it holds.
        ("crm:odd-0", "same", "crm:odd-1"),
        ("crm:odd-1", "same", "crm:odd-2"),
        ("crm:odd-0", "different", "crm:odd-2"),
    )
    (project / "seeds" / "decisions" / "decisions.csv").write_text(seed, encoding="utf-8")
    found = resolve_rows(after, MAPPING, ROWS)
    assert [len(found.of(group)) for group in ("ann", "twin", "lone", "odd")] == [2, 2, 1, 3]
    assert found.clusters["ann-0"] != found.clusters["ann-1"]
    assert found.clusters["twin-0"] != found.clusters["twin-1"]
    assert len(found.of("other")) == 120


@pytest.fixture
def ledger(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> Connection:
    """Return a warehouse whose ledger knows three records of two people."""
    settings = connection.settings.with_changes(dataset="decided", raw_prefix="decided_")
    opened = replace(connection, settings=settings)
    opened.client.delete_dataset("decided_ops", delete_contents=True, not_found_ok=True)
    ensure_own_tables(opened)
    opened.query(
        "insert into `concord-local.decided_ops.entity_ledger` "
        "(run_id, happened_at, entity, record_id, record_hash, entity_id, event, cause) "
        "select 'n1', timestamp '2026-01-01 02:00:00', 'person', record_id, 'h', "
        "if(record_id = 'r3', 'per_2', 'per_1'), 'born', 'new_record' "
        "from unnest(['r1', 'r2', 'r3']) as record_id"
    )
    export_warehouse(monkeypatch, settings)
    monkeypatch.setenv("CONCORD_PROJECT_DIR", str(settings.project_dir))
    monkeypatch.setenv("CONCORD_DATASET", "decided")
    return opened


def test_a_decision_is_appended_once(
    ledger: Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["decide", "per_1", "r3", "same", "--reason", 'it\'s "her"', "--by", "ann"]
    assert execute(command) == 0
    assert "per_1 (2 records) same r3 (1 record)" in capsys.readouterr().out
    assert execute(command) == 0
    assert "Nothing new" in capsys.readouterr().out
    [kept] = read_kept(ledger)
    assert (kept.entity, kept.left_id, kept.right_id, kept.verdict, kept.decided_by) == (
        *("person", "per_1", "r3", "same"),
        "ann",
    )
    assert kept.reason == 'it\'s "her"'

    against = ["decide", "r1", "per_2", "different", "--reason", "no"]
    assert execute(against) == EXIT_USAGE
    assert kept.decision_id in capsys.readouterr().err
    assert execute([*against, "--anyway"]) == 0
    assert {one.verdict for one in read_kept(ledger)} == {"same", "different"}
