"""What Terraform lets the account of the API do: what the code asks for, and nothing beside it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from orchestrator.api.routes import interactions
from orchestrator.decisions import kept
from orchestrator.settings.serve import ServeSettings
from orchestrator.sources.own_tables import DECISIONS
from tests.faults import shipped_grants
from tests.faults.shipped_grants import shipped
from tests.faults.stand_in.accounts import email_of
from tests.faults.stand_in.rights import PROJECT, VIEWER, Rights

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).resolve().parents[2]
NAME: Final = "concord-local"
API: Final = email_of("api")
VALUES: Final = {"project": NAME, "dataset": "night"}
# The whole of it, each with the call that needs it. Whoever adds one says here what for.
ALLOWED: Final = {
    # A job of each question to the warehouse.
    (PROJECT, "bigquery.jobs.create"),
    # orchestrator/api/routes/interactions.py; the role holds what reading takes.
    *(("night_published", permission) for permission in VIEWER),
    # orchestrator/decisions/kept.py: a decision is added where none has its name, and read back.
    ("night_ops.decisions", "bigquery.tables.getData"),
    ("night_ops.decisions", "bigquery.tables.updateData"),
    # orchestrator/serving/place.py: which snapshot is the newest, and its file.
    (f"{NAME}-concord-snapshots", "storage.objects.get"),
    (f"{NAME}-concord-snapshots", "storage.objects.list"),
    # The client of the pages.
    ("concord-api-client-secret", "secretmanager.versions.access"),
}


def held() -> set[tuple[str, str]]:
    """Return what the account may, as pairs of place and permission."""
    terraform = shipped(**VALUES)
    grants = terraform.accounts[API]
    return {(grant.where, permission) for grant in grants for permission in grant.permissions}


def test_the_api_may_do_this_and_nothing_else() -> None:
    assert held() == ALLOWED


def test_the_statements_of_the_api_need_no_more() -> None:
    rights = Rights(shipped(**VALUES).accounts)
    assert set(re.findall(r"\{(\w+)\}` as", interactions.ASKED)) == {"participants", "interactions"}
    for table in ("fct_interaction_participants", "fct_interactions"):
        rights.require(API, "job reads", "night_published", table)
    assert set(re.findall(r"`\{(\w+)\}`", kept.APPEND)) == {"table"}
    assert DECISIONS == "decisions"
    rights.require(API, "job changes rows", "night_ops", DECISIONS)
    for call in ("objects.get", "objects.list"):
        rights.require(API, call, f"{NAME}-concord-snapshots")
    rights.require(API, "jobs.insert")
    assert rights.denied == []


@pytest.mark.parametrize("table", ["entity_ledger", "pipeline_runs", "match_model_weights"])
def test_the_other_tables_of_ops_are_out_of_reach(table: str) -> None:
    rights = Rights(shipped(**VALUES).accounts)
    for permission in ("bigquery.tables.getData", "bigquery.tables.updateData"):
        assert not rights.may(API, permission, "night_ops", table)
    assert not rights.may(API, "bigquery.tables.delete", "night_ops", DECISIONS)
    assert not rights.may(API, "bigquery.tables.updateData", "night_published", table)


def test_the_run_reads_its_own_secrets() -> None:
    secrets = ["addresses", "pagerduty-key"]
    rights = Rights(shipped(**VALUES, alert_secrets=secrets).accounts)
    for name in secrets:
        right = ("secretmanager.versions.access", f"concord-alert-{name}")
        assert rights.may(email_of("nightly"), *right)
        assert not rights.may(API, *right)
    of_the_api = ("secretmanager.versions.access", "concord-api-client-secret")
    assert not rights.may(email_of("nightly"), *of_the_api)


def test_the_run_writes_snapshots_and_others_do_not() -> None:
    rights = Rights(shipped(**VALUES).accounts)
    bucket = f"{NAME}-concord-snapshots"
    # The newest is named anew, and the oldest removed.
    assert rights.may(email_of("nightly"), "storage.objects.delete", bucket)
    for account in ("api", "backup", "ci", "deploy"):
        assert not rights.may(email_of(account), "storage.objects.create", bucket), account
    for account in ("backup", "ci", "deploy"):
        assert not rights.may(email_of(account), "storage.objects.get", bucket), account


@pytest.fixture
def changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a copy of Terraform's files that is read instead of them."""
    folder = tmp_path / "terraform"
    shutil.copytree(shipped_grants.FOLDER, folder)
    monkeypatch.setattr(shipped_grants, "FOLDER", folder)
    shipped_grants._documents.cache_clear()
    yield folder
    shipped_grants._documents.cache_clear()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('["bigquery.tables.getData", ', '["bigquery.tables.delete", "bigquery.tables.getData", '),
        ('  table_id   = "decisions"', '  table_id   = "entity_ledger"'),
        ('role       = "roles/bigquery.dataViewer"', 'role       = "roles/bigquery.dataEditor"'),
        ('role   = "roles/storage.objectViewer"', 'role   = "roles/storage.objectUser"'),
        ('"${var.dataset}_published"', '"${var.dataset}_entities"'),
    ],
)
def test_a_right_too_many_is_found(changed: Path, before: str, after: str) -> None:
    path = changed / "iam_api.tf"
    text = path.read_text("utf-8")
    assert text.count(before) == 1
    path.write_text(text.replace(before, after), "utf-8")
    assert held() != ALLOWED


def test_a_grant_to_the_api_in_another_file_is_found(changed: Path) -> None:
    more = (
        'resource "google_storage_bucket_iam_member" "more" {\n'
        "  bucket = google_storage_bucket.backups.name\n"
        '  role   = "roles/storage.objectViewer"\n'
        "  member = google_service_account.api[0].member\n}\n"
    )
    (changed / "more.tf").write_text(more, "utf-8")
    assert held() - ALLOWED == {
        (f"{NAME}-concord-backups", "storage.objects.get"),
        (f"{NAME}-concord-backups", "storage.objects.list"),
    }


def test_what_terraform_sets_are_settings() -> None:
    folder = ROOT / "infrastructure" / "terraform"
    text = "".join(path.read_text("utf-8") for path in sorted(folder.glob("*.tf")))
    set_there = {name.lower() for name in re.findall(r"CONCORD_SERVE_(\w+)\"?\s*=", text)}
    assert {"issuer", "audience", "sends_first", "snapshots", "after_run"} <= set_there
    assert set_there <= set(ServeSettings.model_fields)
