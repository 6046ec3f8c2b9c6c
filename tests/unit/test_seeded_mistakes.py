"""A mistake that somebody makes is caught by the check that is there for it: each is made here."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from orchestrator.cli import COMMANDS, SECTIONS
from tests.faults import shipped_grants
from tests.unit import test_images, test_personal_data, test_repository
from tests.unit.test_documents import commands_named, wrong_in
from tests.unit.test_personal_data import DeclaredColumn
from tests.unit.test_rights_of_the_api import ALLOWED, held
from tests.unit.written_sql import changing_parts, quoted_values

ROOT: Final = Path(__file__).resolve().parents[2]
BIN: Final = Path(sys.executable).parent
TERRAFORM: Final = Path("infrastructure") / "terraform"
# What stands between quotes of a statement, and why it is no text of a record or of a caller.
QUOTED: Final = {
    "backup/make.py": {"expires_at", "uri_of(files, name)"},  # a time, and names of our own
    "demo/run.py": {"table.full_name", "table.name", "FILE_PREFIX"},  # declared sources
    "local_warehouse/ownership.py": {"quoted"},  # a folder, its quotes escaped
    "models/examples.py": {"kind"},  # of KINDS
    "plan/make.py": {"node.unique_id"},  # of dbt's manifest
    "report/came_in.py": {"source", "name"},  # declared sources
    "report/matching_figures.py": {"entity"},  # person or company
    "report/model_figures.py": {"entity"},
    "resolve/output/queries.py": {"self.entity"},
    "sources/freshness.py": {"table.full_name"},
    "sources/raw_tables.py": {"table.full_name"},
}
# Where texts of callers arrive: what a statement holds is fixed, for these parts by our own lists.
PUT_IN: Final = {
    "api/held_decisions.py": {"entity"},
    "decisions/kept.py": {"', '.join(COLUMNS)", "names", "condition"},
    "serving/build.py": {"table", "', '.join('?' * n_columns)", "table.name", "columns"},
    "serving/packed.py": {"table.name", "keys", "', '.join(columns)"},
    "serving/snapshot.py": {"name", "sql"},
}


def run(*command: str | Path, folder: Path = ROOT, text: str = "") -> tuple[int, str]:
    """Run a checker; return its exit code and all that it said."""
    done = subprocess.run(
        command, cwd=folder, input=text, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def modules(*folders: str) -> dict[str, str]:
    """Return the code of all modules below these folders of orchestrator/."""
    base = ROOT / "orchestrator"
    paths = sorted(path for folder in folders for path in (base / folder).rglob("*.py"))
    return {path.relative_to(base).as_posix(): path.read_text("utf-8") for path in paths}


def test_no_value_stands_in_quotes_of_a_statement() -> None:
    found = {name: set(quoted_values(code)) for name, code in modules(".").items()}
    assert {name: values for name, values in found.items() if values} == QUOTED


def test_what_callers_send_is_in_no_statement() -> None:
    folders = ("api", "serving", "decisions", "explain")
    found = {name: set(changing_parts(code)) for name, code in modules(*folders).items()}
    assert {name: values for name, values in found.items() if values} == PUT_IN


@pytest.mark.parametrize(
    "line",
    [
        "connection.query(f\"select * from t where name = '{name}'\")",
        'connection.query("select * from t where name = \'" + name)',
        "connection.query(\"select * from t where name = '%s'\" % name)",
        "connection.query(\"select * from t where name = '{}'\".format(name))",
        "file.execute(f\"delete from t where a = 1 and name = '{name}'\")",
    ],
)
def test_a_query_built_from_a_text_is_found(line: str) -> None:
    assert quoted_values(line) == ["name"]


def test_a_condition_of_a_caller_is_found_and_a_constant_is_not() -> None:
    assert changing_parts('rows(f"select * from t where {asked}")') == ["asked"]
    assert changing_parts('rows(f"select * from `{table}` limit {MOST}", asked)') == []


def test_root_in_the_image(monkeypatch: pytest.MonkeyPatch) -> None:
    text = (ROOT / "Dockerfile").read_text("utf-8")
    assert text.count("USER 10001") == 3
    assert run(BIN / "hadolint", "-", text=text)[0] == 0
    code, said = run(BIN / "hadolint", "-", text=text.replace("USER 10001", "USER root"))
    assert code != 0
    assert "DL3002" in said
    # A number says the same, and hadolint lets it pass.
    rooted = {
        name: part.replace("USER 10001", "USER 0") for name, part in test_images.stages().items()
    }
    monkeypatch.setattr(test_images, "stages", lambda: rooted)
    with pytest.raises(AssertionError):
        test_images.test_nobody_is_root_and_nothing_is_installed_later("job")


def test_an_action_that_is_not_pinned(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    text = (ROOT / ".github" / "workflows" / "checks.yml").read_text("utf-8")
    planted, n = re.subn(r"actions/checkout@[0-9a-f]{40}", "actions/checkout@v4", text)
    assert n
    place = tmp_path / ".github" / "workflows"
    place.mkdir(parents=True)
    (place / "checks.yml").write_text(planted, "utf-8")
    code, said = run(BIN / "zizmor", "--offline", "--quiet", place, folder=tmp_path)
    assert code != 0
    assert "unpinned-uses" in said
    monkeypatch.setattr(test_repository, "ROOT", tmp_path)
    with pytest.raises(AssertionError, match="actions/checkout@v4"):
        test_repository.test_actions_are_pinned_to_a_commit_and_rights_are_given_by_job()


def test_a_step_that_github_does_not_know(tmp_path: Path) -> None:
    path = tmp_path / "x.yml"
    text = (ROOT / ".github" / "workflows" / "checks.yml").read_text("utf-8")
    path.write_text(text.replace("runs-on:", "run-on:"), "utf-8")
    schema = ("--builtin-schema", "vendor.github-workflows")
    code, said = run(BIN / "check-jsonschema", *schema, path)
    assert code != 0
    assert "run-on" in said


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        # In two parts, or this file would hold one.
        ("password" + " = 'Vq8-tR2x%sLm4Zp'", "Secret Keyword"),
        ("-----BEGIN RSA " + "PRIVATE KEY-----", "Private Key"),
        ("AKIA" + "QWERTZUIOPASDFGH", "AWS Access Key"),
        ("place: https://someone:" + "Vq8tR2xLm4Zp@example.com/x", "Basic Auth Credentials"),
    ],
)
def test_a_secret_in_a_file(line: str, kind: str, tmp_path: Path) -> None:
    path = tmp_path / "kept.yml"
    path.write_text(f"{line}\n", "utf-8")
    code, said = run(ROOT / ".ci" / "check_secrets", BIN, path)
    assert code != 0
    assert kind in said
    path.write_text("region: europe-west3\n", "utf-8")
    assert run(ROOT / ".ci" / "check_secrets", BIN, path) == (0, "")


def test_a_script_that_splits_a_name(tmp_path: Path) -> None:
    path = tmp_path / "script"
    path.write_text("#!/usr/bin/env bash\nrm -r $1/build\n", "utf-8")
    code, said = run(BIN / "shellcheck", path)
    assert code != 0
    assert "SC2086" in said


def test_a_link_that_leads_nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("See [the plan](plan.md).\n", "utf-8")
    monkeypatch.setattr(test_repository, "ROOT", tmp_path)
    monkeypatch.setattr(test_repository, "repository_files", lambda: [page])
    with pytest.raises(AssertionError, match=r"plan\.md"):
        test_repository.test_links_between_documents_lead_somewhere()


def test_a_command_without_a_line_in_the_docs(monkeypatch: pytest.MonkeyPatch) -> None:
    more = {**COMMANDS, "frobnicate": ("module", "Turn a knob.")}
    monkeypatch.setattr(test_repository, "COMMANDS", more)
    monkeypatch.setattr(test_repository, "SECTIONS", (*SECTIONS, ("More", ("frobnicate",))))
    with pytest.raises(AssertionError, match="frobnicate"):
        test_repository.test_the_docs_list_the_commands_as_their_help_does()


def test_a_command_that_is_none() -> None:
    ((name, rest),) = commands_named("concord turn --knob")
    assert wrong_in(name, rest) == ["concord turn"]


def test_a_personal_column_without_a_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    columns = test_personal_data.declared_columns()
    planted = DeclaredColumn("dim_persons", "marts/x.yml", "second_email", True, None)
    monkeypatch.setattr(test_personal_data, "declared_columns", lambda: [*columns, planted])
    with pytest.raises(AssertionError, match=r"dim_persons\.second_email"):
        test_personal_data.test_every_declared_column_that_sounds_personal_is_marked()


def test_a_role_too_many(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / "terraform"
    shutil.copytree(ROOT / TERRAFORM, folder)
    (folder / "more.tf").write_text(
        'resource "google_project_iam_member" "more" {\n'
        "  project = var.project\n"
        '  role    = "roles/bigquery.dataViewer"\n'
        "  member  = google_service_account.api[0].member\n}\n",
        "utf-8",
    )
    monkeypatch.setattr(shipped_grants, "FOLDER", folder)
    shipped_grants._documents.cache_clear()
    try:
        assert {name for _, name in held() - ALLOWED} >= {"bigquery.tables.getData"}
    finally:
        shipped_grants._documents.cache_clear()


def test_an_argument_that_terraform_does_not_know(tmp_path: Path) -> None:
    if shutil.which("terraform") is None:
        pytest.skip("SKIPPED: no terraform here, so nothing says that an argument is wrong")
    shutil.copytree(ROOT / TERRAFORM, tmp_path / TERRAFORM)
    sources = Path("models") / "staging" / "concord_ops" / "_concord_ops__sources.yml"
    (tmp_path / sources).parent.mkdir(parents=True)
    for name in ("dbt_project.yml", "pii.yml", sources):
        shutil.copy(ROOT / name, tmp_path / name)
    path = tmp_path / TERRAFORM / "state_bucket.tf"
    text = path.read_text("utf-8")
    planted = text.replace(
        "uniform_bucket_level_access = true", "uniform_bucket_levels_access = true"
    )
    assert planted != text
    path.write_text(planted, "utf-8")
    begin = ("terraform", "init", "-backend=false", "-input=false", "-no-color")
    if run(*begin, folder=path.parent)[0] != 0:
        pytest.skip("SKIPPED: no provider here, so nothing says that an argument is wrong")
    code, said = run("terraform", "validate", "-no-color", folder=path.parent)
    assert code != 0
    assert "uniform_bucket_levels_access" in said
