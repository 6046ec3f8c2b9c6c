"""A night, a retry, a backup and a look at the health, with exactly the rights that are shipped."""

from __future__ import annotations

import re
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from orchestrator.errors import EXIT_FAILED, EXIT_OK, EXIT_USAGE
from orchestrator.health.warehouse import layer_datasets
from orchestrator.models.candidate import candidate_dataset
from orchestrator.settings.registry import declared_sources
from orchestrator.settings.values import Settings
from tests.faults import shipped_grants
from tests.faults.account_night import LAYER, AccountNight, account_night
from tests.faults.account_night import PROJECT as PROJECT_NAME
from tests.faults.conftest import note
from tests.faults.missing_rights import CONNECTOR, MISSING_RIGHTS, QUICK, RUNS, MissingRight
from tests.faults.night import ROOT
from tests.faults.shipped_grants import shipped
from tests.faults.stand_in.accounts import email_of
from tests.faults.stand_in.faults import Fault
from tests.faults.stand_in.rights import PROJECT, Rights

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.faults.stand_in.warehouse import Table

pytestmark = pytest.mark.integration

MODELS = f"night_{LAYER}"
SYNTAX = 'Syntax error: Expected ")" but got keyword FROM at [7:1]'


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AccountNight]:
    """Return the places after a good night: every table is there."""
    with contextmanager(account_night)(tmp_path_factory.mktemp("accounts")) as made:
        first = made.as_account("nightly").concord("run")
        assert first.exit_code == EXIT_OK, first.text
        yield made


@pytest.fixture
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AccountNight]:
    """Return the places as Terraform and the connectors leave them."""
    with contextmanager(account_night)(tmp_path_factory.mktemp("accounts")) as made:
        yield made


@pytest.mark.slow
def test_first_night_retry_health_and_backup(fresh: AccountNight) -> None:
    fresh.stand_in.script([Fault("job", "fail", "invalidQuery", SYNTAX, node="gamma", times=99)])
    nightly = fresh.as_account("nightly")
    before = nightly.concord("health")
    assert before.exit_code == EXIT_OK, before.text
    failed = nightly.concord("run")
    assert failed.exit_code == EXIT_FAILED, failed.text
    assert "not written" not in failed.text
    built = fresh.stand_in.api.warehouse.count_writes(MODELS)
    assert built[f"{MODELS}.alpha"] == 1

    # The container is gone, and with it all that was on its disk.
    shutil.rmtree(fresh.folder / ".concord")
    fresh.stand_in.script([])
    retried = nightly.concord("retry")
    assert retried.exit_code == EXIT_OK, retried.text
    after = fresh.stand_in.api.warehouse.count_writes(MODELS)
    assert set(after.values()) == {1}, "a retry builds what is left and nothing else"
    assert fresh.write_count("night_published") == 1

    shutil.rmtree(fresh.folder / ".concord")
    again = nightly.concord("run")
    assert again.exit_code == EXIT_OK, again.text
    health = nightly.concord("health")
    assert health.exit_code == EXIT_OK, health.text
    assert f"as {email_of('nightly')}" in health.text
    backup = fresh.as_account("backup").concord("backup")
    assert backup.exit_code == EXIT_OK, backup.text
    assert "night_ops.pipeline_runs" in backup.text
    # What a deployment keeps and takes back is the work of the account that publishes.
    for command in (("backup", "--published", "c1"), ("restore", "--published", "c1", "--yes")):
        done = nightly.concord(*command)
        assert done.exit_code == EXIT_OK, done.text
    assert fresh.write_count("night_published") == 3

    note("shipped_rights", exit_code=EXIT_OK)
    assert fresh.rights.denied == []
    assert fresh.write_count(CONNECTOR) == 0
    # dbt's jobs and the wrapper's are those of one account.
    accounts = {job.account for job in fresh.stand_in.api.jobs.by_id.values()}
    assert accounts == {email_of("nightly"), email_of("backup")}
    by_dbt = {job.account for job in fresh.stand_in.api.jobs.by_id.values() if job.node == "alpha"}
    assert by_dbt == {email_of("nightly")}
    # Lock, run log, what a retry needs, and backups are in the buckets that Terraform makes.
    kept = {(bucket, name.partition("/")[0]) for bucket, name in fresh.storage.objects}
    assert kept == {
        ("concord-local-concord-runs", "lock"),
        ("concord-local-concord-runs", "runs"),
        ("concord-local-concord-backups", "backups"),
    }


def test_columns_that_an_older_version_did_not_have(places: AccountNight) -> None:
    runs = places.stand_in.api.warehouse.tables["night_ops", "pipeline_runs"]
    whole, runs.schema = runs.schema, runs.schema[:-1]
    assert places.as_account("nightly").concord("run").exit_code == EXIT_OK
    assert runs.schema == whole
    assert places.rights.denied == []


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, id=case.name, marks=() if case.name in QUICK else pytest.mark.slow_fault)
        for case in MISSING_RIGHTS
    ],
)
def test_missing_right(case: MissingRight, places: AccountNight) -> None:
    rights, before = places.rights, places.write_count(MODELS)
    places.take_away(case.account, case.permission, case.where)
    try:
        outcome = places.as_account(case.account).concord(case.command)
        denied = places.rights.denied
    finally:
        places.stand_in.api.rights = rights
    assert outcome.exit_code == case.exit_code, outcome.text
    assert "Traceback" not in outcome.text
    message = outcome.text[outcome.text.rindex("\nError: ") :]
    assert case.permission in message
    assert case.where.strip("*") in message
    assert "What to do: " in message
    # Nothing was built, and nothing was asked for a second time.
    assert places.write_count(MODELS) == before
    refused = [one for one in denied if one[1:] == (case.permission, case.where)]
    # The log and the alert of a run that failed need jobs and the bucket, too.
    assert len(refused) <= 1 or case.where in {PROJECT, RUNS}
    note(f"right_{case.name}", seconds=outcome.seconds, exit_code=outcome.exit_code)


def test_a_run_without_its_log_is_the_same_night(places: AccountNight) -> None:
    rights, before = places.rights, places.write_count(MODELS)
    places.take_away("nightly", "bigquery.tables.updateData", "night_ops")
    nightly = places.as_account("nightly")
    try:
        outcome = nightly.concord("run")
        health = nightly.concord("health")
    finally:
        places.stand_in.api.rights = rights
    assert outcome.exit_code == EXIT_OK, outcome.text
    assert places.write_count(MODELS) > before
    assert "could not be written" in outcome.text
    assert health.exit_code == EXIT_FAILED
    assert re.search(r"^run log +fail .*", health.text, re.MULTILINE), health.text
    assert "bigquery.tables.updateData" in health.text
    note("right_no_log", seconds=outcome.seconds, exit_code=outcome.exit_code)


def test_table_that_only_a_connector_may_make(places: AccountNight) -> None:
    warehouse = places.stand_in.api.warehouse
    [name] = [name for name in sorted(warehouse.tables) if name[0] == CONNECTOR][:1]
    table: Table = warehouse.tables.pop(name)
    before = places.write_count(MODELS)
    try:
        outcome = places.as_account("nightly").concord("run")
    finally:
        warehouse.tables[name] = table
        places.rights.denied.clear()
    assert outcome.exit_code == EXIT_USAGE, outcome.text
    assert f"bigquery.tables.create on dataset {CONNECTOR}" in outcome.text
    assert name[1] in outcome.text
    assert places.write_count(MODELS) == before
    note("no_connector_table", seconds=outcome.seconds, exit_code=outcome.exit_code)


def test_column_that_only_a_connector_may_make(places: AccountNight) -> None:
    warehouse = places.stand_in.api.warehouse
    [name] = [name for name in sorted(warehouse.tables) if name[0] == CONNECTOR][:1]
    table: Table = warehouse.tables[name]
    whole, table.schema = table.schema, [table.schema[0], *table.schema[3:]]
    late = [column["name"] for column in whole[1:3]]
    before = places.write_count(MODELS)
    try:
        outcome = places.as_account("nightly").concord("run")
    finally:
        table.schema = whole
        places.rights.denied.clear()
    assert outcome.exit_code == EXIT_USAGE, outcome.text
    assert f"{'.'.join(name)}: {', '.join(late)} (" in outcome.text
    assert f"bigquery.tables.update on dataset {CONNECTOR}" in outcome.text
    assert all(f"add column {column} " in outcome.text for column in late)
    assert places.write_count(MODELS) == before
    note("no_connector_column", seconds=outcome.seconds, exit_code=outcome.exit_code)


def test_pull_requests_may_read_production_and_write_their_own() -> None:
    rights = shipped(project="concord-local", dataset="night", sources=["files"])
    grants = rights.accounts[email_of("ci")]
    held = {grant.where for grant in grants}
    assert "night_published" in held
    assert "night_backup" not in held
    writing = {"bigquery.tables.create", "bigquery.tables.updateData", "bigquery.tables.delete"}
    assert not [grant for grant in grants if grant.permissions & writing]


def test_every_dataset_of_the_project_has_its_grants() -> None:
    settings = Settings(project_dir=ROOT, dataset="night")
    rights = Rights(shipped(project=PROJECT_NAME, dataset="night").accounts)
    nightly, backup = email_of("nightly"), email_of("backup")
    written = (*layer_datasets(settings), settings.ops_dataset, "raw_files")
    written += ("night_published", "night_previous")
    # What `concord train` builds: it could create none of them.
    beside = candidate_dataset(settings)
    written += (
        beside,
        *(f"{beside}_{one}" for one in ("seeds", "staging", "standardized", "matching")),
    )
    assert not rights.may(nightly, "bigquery.datasets.create", PROJECT)
    for dataset in written:
        assert rights.may(nightly, "bigquery.tables.create", dataset), dataset
    for source in set(declared_sources(ROOT)) - {"files"}:
        assert rights.may(nightly, "bigquery.tables.getData", f"raw_{source}"), source
        assert not rights.may(nightly, "bigquery.tables.create", f"raw_{source}"), source
    assert not rights.may(nightly, "bigquery.tables.delete", "night_backup")
    # The models that a backup saves, by the layer that their folder is.
    saved = {
        path.relative_to(ROOT / "models").parts[0]
        for path in (ROOT / "models").rglob("*.yml")
        if "cannot_be_recomputed: true" in path.read_text("utf-8")
    }
    assert saved
    for dataset in (*(f"night_{layer}" for layer in saved), settings.ops_dataset):
        assert rights.may(backup, "bigquery.tables.createSnapshot", dataset), dataset
        assert rights.may(backup, "bigquery.tables.deleteSnapshot", dataset), dataset
        assert not rights.may(backup, "bigquery.tables.updateData", dataset), dataset


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("for_each = google_bigquery_dataset.layer", "for_each = merge(google_bigquery_dataset.x)"),
        ('role       = "roles/bigquery.dataEditor"', 'role       = "roles/bigquery.unheardOf"'),
        ("member     = google_service_account.nightly.member", 'member     = "allUsers"'),
    ],
)
def test_a_grant_that_cannot_be_read_is_an_error(
    before: str, after: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "terraform"
    shutil.copytree(shipped_grants.FOLDER, folder)
    path = folder / "iam_nightly.tf"
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), "utf-8")
    monkeypatch.setattr(shipped_grants, "FOLDER", folder)
    shipped_grants._documents.cache_clear()
    try:
        with pytest.raises((ValueError, KeyError)):
            _ = shipped(project=PROJECT_NAME).accounts
    finally:
        shipped_grants._documents.cache_clear()
