"""`concord diff --against`: the build of a pull request beside what production has published."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any, Final

import pytest

from orchestrator.bigquery.ensure import ensure_dataset
from orchestrator.cli import execute
from orchestrator.dbt.runner import DbtRunner
from tests.integration.conftest import export_warehouse
from tests.integration.test_compared_models import rows
from tests.unit.document_texts import ROOT, blocks

if TYPE_CHECKING:
    from pathlib import Path

    from orchestrator.bigquery.connect import Connection

pytestmark = pytest.mark.integration

PAGE: Final = ROOT / "docs" / "develop" / "pull-requests.md"
PRODUCTION: Final = "diffed"
OWN: Final = "concord_ci_7"
MAILBOX: Final = "gmail:messages:ann.lee@example.org"
# Records of an id: b joins a, f falls into two, of d one record goes over to e, g goes, k comes.
BEFORE: Final = {
    "a": ("files:people:1", "files:people:2"),
    "b": ("hubspot:contacts:3",),
    "f": ("files:people:4", "files:people:5", "files:people:6"),
    "d": ("files:people:7", "files:people:8", MAILBOX),
    "e": ("salesforce:contacts:10",),
    "g": ("files:people:11",),
}
AFTER: Final = {
    "a": (*BEFORE["a"], *BEFORE["b"]),
    "f": ("files:people:4", "files:people:5"),
    "f2": ("files:people:6",),
    "d": ("files:people:7", "files:people:8"),
    "e": ("salesforce:contacts:10", MAILBOX),
    "k": ("files:people:12",),
}
# Weight, and weights of phone, name and date of birth.
Pairs = dict[tuple[str, str], tuple[float, float, float, float]]
BOTH: Final[Pairs] = {
    ("files:people:1", "files:people:2"): (14.0, 8.0, 6.0, 0.0),
    ("files:people:7", "files:people:8"): (12.5, 5.5, 4.5, 2.5),
}
OLD_PAIRS: Final[Pairs] = {
    **BOTH,
    ("files:people:2", "hubspot:contacts:3"): (-1.2, -2.0, 0.8, 0.0),
    ("files:people:4", "files:people:6"): (5.0, 0.0, 6.5, -1.5),
    ("files:people:7", MAILBOX): (3.5, 0.0, 3.5, 0.0),
}
NEW_PAIRS: Final[Pairs] = {
    **BOTH,
    ("files:people:2", "hubspot:contacts:3"): (8.8, 8.0, 0.8, 0.0),
    ("files:people:7", MAILBOX): (3.5, 0.0, 3.5, 0.0),
    (MAILBOX, "salesforce:contacts:10"): (9.0, 8.0, 1.0, 0.0),
}
UNTOUCHED: Final[dict[str, tuple[str, ...]]] = {
    "acme": ("files:people:1",),
    "oak": ("files:people:7",),
}


def entity_id(entity: str, name: str) -> str:
    """Return an id as the ledger writes it."""
    number = sum(ord(letter) * 100**place for place, letter in enumerate(name))
    return f"{entity[:3]}_019b8e4a1c00{number:014d}"


def matching_tables(
    entity: str, clusters: dict[str, tuple[str, ...]], pairs: Pairs, recall: float
) -> dict[str, str]:
    """Return the tables of the matching that are looked at."""
    return {
        f"matching.{entity}_clusters": rows(
            f"select '{record}' as record_id, '{name}' as cluster_id"
            for name, records in clusters.items()
            for record in records
        ),
        f"matching.{entity}_pairs": rows(
            f"select '{left}' as record_id_l, '{right}' as record_id_r, {weight} as match_weight, "
            f"{phone} as weight_phone, {name} as weight_name, {born} as weight_date_of_birth"
            for (left, right), (weight, phone, name, born) in pairs.items()
        ),
        f"matching.int_{entity}_expected_quality": f"""select 0.981 as expected_precision,
            {recall} as expected_recall, 0.95 as expected_f1""",
    }


def bridge(entity: str, clusters: dict[str, tuple[str, ...]]) -> str:
    """Return the table of which record belongs to whom."""
    return rows(
        f"select '{record}' as record_id, '{entity_id(entity, name)}' as {entity}_id"
        for name, records in clusters.items()
        for record in records
    )


def kept_apart(n_pairs: int) -> str:
    """Return the table of what hard conflicts, and a decision, keep apart."""
    return f"""
        select 'person' as entity, 'name_suffix' as kept_apart_by, {n_pairs} as n_cluster_pairs
        union all select 'person', 'decision', 9
    """


def write(connection: Connection, dataset: str, tables: dict[str, str]) -> None:
    """Write tables into the datasets of a prefix."""
    for name, sql in tables.items():
        layer, _, table = name.partition(".")
        ensure_dataset(connection, f"{dataset}_{layer}")
        target = connection.table_id(f"{dataset}_{layer}", table)
        connection.query(f"create or replace table `{target}` as {sql}")


@pytest.fixture
def built(
    connection: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, Path]:
    """Return the folders of state and results of a slim build of people beside production."""
    write(
        connection,
        PRODUCTION,
        {
            "matching.int_match_model_version": "select 'aaaa' as model_version",
            **matching_tables("person", BEFORE, OLD_PAIRS, 0.912),
            **matching_tables("company", UNTOUCHED, BOTH, 0.9),
            "published.bridge_person_records": bridge("person", BEFORE),
            "published.bridge_company_records": bridge("company", UNTOUCHED),
            # A newer build that nobody has accepted: it is no part of the difference.
            "marts.bridge_company_records": bridge("company", {"other": ("files:people:1",)}),
            "marts.hard_conflict_effects": kept_apart(2),
        },
    )
    own = {
        **matching_tables("person", AFTER, NEW_PAIRS, 0.934),
        "marts.bridge_person_records": bridge("person", AFTER),
        "marts.hard_conflict_effects": kept_apart(3),
    }
    write(connection, OWN, own)
    folder = tmp_path / "project"
    ignored = shutil.ignore_patterns(".concord", "target", "logs")
    shutil.copytree(connection.settings.project_dir, folder, ignore=ignored)
    monkeypatch.setenv("CONCORD_PROJECT_DIR", str(folder))
    monkeypatch.setenv("CONCORD_DATASET", OWN)
    export_warehouse(monkeypatch, connection.settings)
    state = DbtRunner(connection.settings.with_changes(project_dir=folder)).invoke("parse")
    assert state.is_success, state.problem
    path = folder / "models" / "matching" / "person_pairs.sql"
    path.write_text(path.read_text("utf-8").replace("6.5", "7.5"), "utf-8")
    results = tmp_path / "results"
    results.mkdir()
    (results / "run_results.json").write_text(json.dumps(run_results()), "utf-8")
    return {"state": state.target_path, "results": results}


def run_results() -> dict[str, Any]:
    """Return what dbt leaves of a build of two models and a test."""
    names = ("model.concord.person_pairs", "model.concord.person_clusters", "test.concord.unique.1")
    of_job = {"bytes_processed": 7 * 1024**2, "bytes_billed": 10 * 1024**2}
    results = [
        {"unique_id": name, "status": "success", "execution_time": 1.0, "adapter_response": of_job}
        for name in names
    ]
    return {"metadata": {"invocation_id": "1"}, "results": results}


def concord(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """Run `concord diff`; return its exit code and what it said."""
    code = execute(["diff", *arguments])
    told = capsys.readouterr()
    return code, told.out + told.err


def test_a_pull_request_is_told_which_ids_would_change(
    built: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folders = [part for name, path in built.items() for part in (f"--{name}", str(path))]
    code, report = concord(
        capsys, "--against", PRODUCTION, "--markdown", "--examples", "10", *folders
    )
    assert code == 1, report
    assert "ann.lee" not in report
    # The page shows this very report.
    (sample,) = blocks(PAGE, "markdown")
    assert report == sample.text


def test_the_gate_opens_where_more_is_allowed(
    built: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    code, told = concord(capsys, "--against", PRODUCTION, "--max-id-changes", "0.5")
    assert code == 0, told
    assert "The gate is open: 0.0 % of company ids, 27.3 % of person ids would change" in told
    assert "kept apart 3" in told
    assert "files:people:2 and hubspot:contacts:3: -1.2 to +8.8 bits" in told
    code, told = concord(capsys, "--against", "nowhere")
    assert code == 2, told
    assert "nothing is built in the datasets nowhere_..." in told


def test_the_same_for_programs(built: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    code, told = concord(capsys, "--against", PRODUCTION, "--examples", "2", "--json")
    assert code == 1
    document = json.loads(told)
    assert document["problems"] == ["27.3 % of person ids would change, allowed 1.0 %"]
    company, person = document["entities"]
    assert (company["ids_kept"], company["changes"]) == (2, [])
    assert (person["ids_kept"], person["records_changed_id"]) == (4, 3)
    kinds = {changes["kind"]: changes["changes"] for changes in person["changes"]}
    assert kinds == {"merged": 1, "split": 1, "moved": 1, "new": 1, "gone": 1}
    assert person["after"]["kept_apart"] - person["before"]["kept_apart"] == 1
    assert len(document["examples"]) == 2
    assert "ann.lee" not in told


def test_production_without_published_tables_is_told(
    connection: Connection, built: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    connection.query(f"drop table {PRODUCTION}_published.bridge_person_records")
    code, told = concord(capsys, "--against", PRODUCTION)
    assert code == 2
    assert f"bridge_person_records is not published in {PRODUCTION}_published" in told
    code, told = concord(capsys, "some-run", "--against", PRODUCTION)
    assert code == 2
    assert "--against compares builds" in told
