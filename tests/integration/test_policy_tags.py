"""Columns that are marked as personal get the policy tag of their kind, others none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from google.cloud.bigquery import Client

from tests.integration.conftest import run_dbt, written_project

if TYPE_CHECKING:
    from pathlib import Path

    from dbt.contracts.results import RunExecutionResult
    from google.cloud.bigquery import SchemaField, Table

# dbt runs in this process: tracing it takes half as long again, and others measure the same.
pytestmark = [
    *(pytest.mark.integration, pytest.mark.no_cover),
    pytest.mark.usefixtures("use_warehouse"),
]

TAG = "projects/p/locations/us/taxonomies/1/policyTags/2"
FILES = {
    "dbt_project.yml": """
name: small
version: "1.0"
profile: concord
models:
  +persist_docs: {relation: true, columns: true}
""",
    "models/contacts.sql": """
{{ config(materialized='table') }}
select 'a@example.com' as email, ['1'] as phones, 'a' as name, 1 as n_records
""",
    "models/contacts.yml": """
models:
  - name: contacts
    description: One row per contact.
    columns:
      - {name: email, description: The address., config: {meta: {pii: email}}}
      - {name: phones, description: The numbers., config: {meta: {pii: phone}}}
      - {name: name, description: The name., config: {meta: {pii: name}}}
      - {name: n_records, description: The records.}
""",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written_project(tmp_path_factory.mktemp("small"), FILES, "local", "personal_data")


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> dict[str, SchemaField]:
    """Return the columns as they go to BigQuery: the local warehouse keeps no policy tags."""
    columns: dict[str, SchemaField] = {}
    update = Client.update_table

    def update_table(client: Client, table: Table, fields: list[str]) -> Table:
        columns.update({field.name: field for field in table.schema})
        return update(client, table, fields)

    monkeypatch.setattr(Client, "update_table", update_table)
    return columns


def build(folder: Path, monkeypatch: pytest.MonkeyPatch, tags: str) -> RunExecutionResult:
    monkeypatch.setenv("CONCORD_POLICY_TAGS", tags)
    result: RunExecutionResult = run_dbt(folder, "run").result
    return result


def tags_of(columns: dict[str, SchemaField]) -> dict[str, tuple[str, ...]]:
    """Return the policy tags of the columns that have any."""
    found = {name: field.policy_tags for name, field in columns.items()}
    return {name: tags.names for name, tags in found.items() if tags and tags.names}


def test_a_column_gets_the_tag_of_its_kind(
    folder: Path, monkeypatch: pytest.MonkeyPatch, sent: dict[str, SchemaField]
) -> None:
    assert build(folder, monkeypatch, f"email={TAG}, phone={TAG}3").results[0].status == "success"
    assert tags_of(sent) == {"email": (TAG,), "phones": (f"{TAG}3",)}
    assert sent["name"].description == "The name."


def test_without_the_setting_no_column_is_tagged(
    folder: Path, monkeypatch: pytest.MonkeyPatch, sent: dict[str, SchemaField]
) -> None:
    assert build(folder, monkeypatch, "").results[0].status == "success"
    assert sent["email"].description == "The address."
    assert tags_of(sent) == {}


def test_a_setting_that_names_no_tag_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [result] = build(folder, monkeypatch, "email").results
    assert result.status == "error"
    assert "CONCORD_POLICY_TAGS" in (result.message or "")
