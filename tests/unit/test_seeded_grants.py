"""A right too many, made on purpose, is found whoever gets it and in whatever form it is given."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Final

import pytest

from tests.unit.test_grants import wrong_grants
from tests.unit.written_grants import OtherWayError
from tools.terraform_names.written import FOLDER

if TYPE_CHECKING:
    from pathlib import Path

TO_ALL: Final = 'project = var.project\nrole = "roles/owner"\nmember = "allUsers"'
# What is planted, and the row that is then too many.
PLANTED: Final = (
    (
        "secret_manager_secret_iam_member",
        """secret_id = "concord-alert-addresses"
           role      = "roles/secretmanager.secretAccessor"
           member    = google_service_account.deploy.member""",
        (
            "`concord-deploy` | `roles/secretmanager.secretAccessor` | secret manager secret"
            " `concord-alert-addresses`"
        ),
    ),
    (
        "project_iam_member",
        """project = var.project
           role    = "roles/bigquery.dataEditor"
           member  = google_service_account.scheduler.member""",
        "`concord-scheduler` | `roles/bigquery.dataEditor` | project `var.project`",
    ),
    (
        "project_iam_member",
        """project = var.project
           role    = "roles/bigquery.admin"
           member  = "serviceAccount:concord-deploy@x.iam.gserviceaccount.com\"""",
        (
            "`serviceAccount:concord-deploy@x.iam.gserviceaccount.com` | `roles/bigquery.admin` | "
            "project `var.project`"
        ),
    ),
    (
        "cloud_run_v2_job_iam_member",
        """location = var.region
           name     = google_cloud_run_v2_job.this["nightly"].name
           role     = "roles/run.invoker"
           member   = "allUsers\"""",
        (
            "`allUsers` | `roles/run.invoker` | cloud run v2 job "
            '`google_cloud_run_v2_job.this["nightly"]`'
        ),
    ),
    (
        "cloud_run_v2_job_iam_member",
        """location = var.region
           name     = "concord-nightly"
           role     = "roles/run.invoker"
           member   = "allUsers\"""",
        "`allUsers` | `roles/run.invoker` | cloud run v2 job `concord-nightly`",
    ),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of Terraform's files, to plant a mistake in."""
    shutil.copytree(FOLDER, tmp_path / "terraform")
    return tmp_path / "terraform"


def plant(folder: Path, kind: str, body: str) -> None:
    """Write one more resource into a file of its own."""
    (folder / "more.tf").write_text(f'resource "google_{kind}" "more" {{\n{body}\n}}\n', "utf-8")


@pytest.mark.parametrize(("kind", "body", "row"), PLANTED)
def test_a_grant_too_many_is_found(folder: Path, kind: str, body: str, row: str) -> None:
    plant(folder, kind, body)
    assert wrong_grants(folder) == [f"+ | {row} |  |"]


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("policy_tags.tf", '["bigquery.tables.setCategory", ', '["bigquery.tables.getData", '),
        (
            "policy_tags.tf",
            "ci      = google_service_account.ci",
            "ci = google_service_account.deploy",
        ),
        (
            "locals.tf",
            'ops       = "${var.dataset}_ops"\n    snap',
            'published = "${var.dataset}_p"\n    snap',
        ),
        ("locals.tf", 'source => dataset if source != "files"', "source => dataset"),
        ("iam_nightly.tf", "count = local.google_metrics ? 1 : 0", "count = 1"),
        ("iam_backup.tf", '"roles/storage.objectUser"', '"roles/storage.admin"'),
        (
            "schedule.tf",
            "member   = google_service_account.scheduler",
            "member   = google_service_account.ci",
        ),
    ],
)
def test_a_grant_that_is_wider_is_found(folder: Path, name: str, before: str, after: str) -> None:
    path = folder / name
    text = path.read_text("utf-8")
    assert text.count(before) == 1
    path.write_text(text.replace(before, after), "utf-8")
    assert "+" in {row[0] for row in wrong_grants(folder)}


def test_the_same_grant_twice_is_found(folder: Path) -> None:
    plant(
        folder,
        "project_iam_member",
        'project = var.project\nrole = "roles/bigquery.jobUser"\n'
        "member = google_service_account.ci.member",
    )
    assert {row[0] for row in wrong_grants(folder)} == {"+"}


def test_a_grant_that_is_gone_is_found(folder: Path) -> None:
    (folder / "iam_ci.tf").write_text("", "utf-8")
    assert {row[0] for row in wrong_grants(folder)} == {"-"}


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (
            "project_iam_binding",
            'project = var.project\nrole = "roles/owner"\nmembers = ["allUsers"]',
        ),
        ("storage_bucket_iam_policy", "bucket = google_storage_bucket.runs.name"),
        ("bigquery_dataset_access", 'dataset_id = "x"\nrole = "READER"'),
        (
            "storage_bucket_acl",
            'bucket = google_storage_bucket.runs.name\npredefined_acl = "publicRead"',
        ),
        ("storage_bucket", 'name = "x"\npredefined_acl = "publicRead"'),
        ("bigquery_dataset", 'dataset_id = "x"\naccess {\n  role = "READER"\n}'),
        ("cloud_run_v2_service", 'name = "x"\ninvoker_iam_disabled = true'),
        ("service_account_key", "service_account_id = google_service_account.ci.name"),
        ("folder_iam_member", 'folder = "x"\nrole = "roles/owner"\nmember = "allUsers"'),
        (
            "project_iam_member",
            f'{TO_ALL}\ncondition {{\n  title = "x"\n}}',
        ),
    ],
)
def test_a_right_in_another_form_is_refused(folder: Path, kind: str, body: str) -> None:
    plant(folder, kind, body)
    with pytest.raises(OtherWayError):
        wrong_grants(folder)


def test_a_module_and_a_file_of_json_are_refused(folder: Path) -> None:
    (folder / "more.tf").write_text('module "more" {\n  source = "./x"\n}\n', "utf-8")
    with pytest.raises(OtherWayError):
        wrong_grants(folder)
    (folder / "more.tf").unlink()
    (folder / "more.tf.json").write_text("{}", "utf-8")
    with pytest.raises(OtherWayError):
        wrong_grants(folder)
