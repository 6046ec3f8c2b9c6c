"""Names of arguments and blocks in Terraform's files are those that the provider knows.

Neither Terraform nor a provider is asked, so no mistake below is skipped on any machine.
"""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING, Final

import pytest

from tools.terraform_names.check import provider_names, wrong_names
from tools.terraform_names.reduce import PROVIDER, reduced_schema
from tools.terraform_names.written import FOLDER, written_blocks

if TYPE_CHECKING:
    from pathlib import Path

ALERT: Final = "google_monitoring_alert_policy"
TOPIC: Final = 'resource "google_pubsub_topic" "x" {\n  name = "x"'

# What is written instead of what, and what is said of it: in state_bucket.tf, and elsewhere.
IN_BUCKET: Final = (
    (
        "uniform_bucket_level_access = true",
        "uniform_bucket_levels_access = true",
        "google_storage_bucket.state: no argument uniform_bucket_levels_access",
    ),
    (
        "  location                    = var.location\n",
        "",
        "google_storage_bucket.state: location is missing",
    ),
    (
        "versioning {",
        "versions {",
        "google_storage_bucket.state: no block versions",
    ),
    (
        "versioning {",
        "versioning = {",
        "google_storage_bucket.state: no argument versioning",
    ),
    (
        'dynamic "encryption"',
        'dynamic "encrypted"',
        "google_storage_bucket.state: no block encrypted",
    ),
    (
        "default_kms_key_name =",
        "kms_key_name =",
        "google_storage_bucket.state.encryption: no argument kms_key_name",
    ),
    (
        "    for_each = local.keys\n",
        "    repeat = local.keys\n",
        "google_storage_bucket.state.encryption: a dynamic block takes no repeat",
    ),
    (
        "uniform_bucket_level_access = true",
        'uniform_bucket_level_access = "yes"',
        'google_storage_bucket.state: uniform_bucket_level_access is no bool: "yes"',
    ),
    (
        "uniform_bucket_level_access = true",
        'url = "gs://x"\n  uniform_bucket_level_access = true',
        "google_storage_bucket.state: url cannot be set",
    ),
)
ELSEWHERE: Final = (
    (
        "jobs.tf",
        "max_retries ",
        "maximum_retries ",
        "google_cloud_run_v2_job.this.template.template: no argument maximum_retries",
    ),
    (
        "jobs.tf",
        "ignore_changes = [client,",
        "ignore_changes = [clients,",
        "google_cloud_run_v2_job.this: ignore_changes names no argument: clients",
    ),
    (
        "encryption.tf",
        'data "google_bigquery_default_service_account" "this" {',
        'data "google_bigquery_default_service_account" "this" {\n  zone = "x"',
        "data.google_bigquery_default_service_account.this: no argument zone",
    ),
    (
        "versions.tf",
        "  region  = var.region\n",
        "  regions = var.region\n",
        'provider "google": no argument regions',
    ),
    (
        "iam_ci.tf",
        "bucket = google_storage_bucket.state.name",
        "bucket = google_storage_bucket.state.named",
        "google_storage_bucket.state has no named",
    ),
    (
        "iam_ci.tf",
        "for_each = local.connector_datasets",
        "for_each = local.connectors",
        "nothing is called local.connectors",
    ),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of Terraform's files, to plant a mistake in."""
    shutil.copytree(FOLDER, tmp_path / "terraform")
    return tmp_path / "terraform"


def test_the_names_are_those_of_the_provider() -> None:
    assert wrong_names() == []


def test_the_list_has_what_is_used_and_says_of_which_version() -> None:
    known = provider_names()
    for kind in ("resource", "data"):
        assert set(known[kind]) == {one.type for one in written_blocks() if one.kind == kind}
    found = re.search(
        r'^ +version = "~> ([\d.]+)"$', (FOLDER / "versions.tf").read_text("utf-8"), re.M
    )
    assert found
    assert known["source"].startswith(f"provider google {found.group(1)}.")


@pytest.mark.parametrize(
    ("name", "before", "after", "said"),
    [*(("state_bucket.tf", *one) for one in IN_BUCKET), *ELSEWHERE],
)
def test_a_wrong_name_is_found(folder: Path, name: str, before: str, after: str, said: str) -> None:
    path = folder / name
    text = path.read_text("utf-8")
    assert text.count(before) == 1
    path.write_text(text.replace(before, after), "utf-8")
    assert said in wrong_names(folder)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('resource "google_storage_buckets" "x" {}', "google_storage_buckets is not in"),
        ('resource "google_pubsub_topic" "x" {}', "google_pubsub_topic.x: name is missing"),
        (
            f'resource "{ALERT}" "x" {{\n  display_name = "x"\n  combiner = "OR"\n}}',
            f"{ALERT}.x: a block conditions is missing",
        ),
        (
            'resource "google_pubsub_topic" "x" {\n  name = ["x"]\n}',
            "google_pubsub_topic.x: name is no string",
        ),
        (
            f'{TOPIC}\n  schema_settings {{\n    schema = "a"\n  }}\n  schema_settings {{}}\n}}',
            "google_pubsub_topic.x: 2 blocks schema_settings, 1 at most",
        ),
        (
            f"{TOPIC}\n  lifecycle {{\n    keep = true\n  }}\n}}",
            "google_pubsub_topic.x: lifecycle takes no keep",
        ),
    ],
)
def test_a_wrong_block_is_found(folder: Path, more: str, said: str) -> None:
    (folder / "more.tf").write_text(f"{more}\n", "utf-8")
    assert [line for line in wrong_names(folder) if said in line]


def test_a_schema_is_reduced_to_names_and_types() -> None:
    inner = {"attributes": {"b": {"type": ["list", ["object", {"c": "string"}]], "computed": True}}}
    block = {
        "attributes": {"a": {"type": "string", "required": True, "description": "Not ours."}},
        "block_types": {"n": {"nesting_mode": "list", "max_items": 1, "block": inner}},
    }
    schemas = {"resource_schemas": {"t": {"block": block}}, "provider": {"block": {}}}
    whole = {"provider_schemas": {PROVIDER: schemas}}
    assert reduced_schema(whole, [("resource", "t")], "made here") == {
        "source": "made here",
        "provider": {"arguments": {}, "blocks": {}},
        "resource": {
            "t": {
                "arguments": {"a": "required string"},
                "blocks": {
                    "n": {
                        "least": 0,
                        "most": 1,
                        "arguments": {"b": "computed list(object)"},
                        "blocks": {},
                    }
                },
            }
        },
    }
