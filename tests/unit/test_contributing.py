"""What GitHub shows to whoever contributes: forms, templates and pages, as GitHub reads them."""

from __future__ import annotations

import re
from typing import Any, Final

import pytest
import yaml

from tests.unit.document_texts import ROOT, read

GITHUB: Final = ROOT / ".github"
FORMS: Final = {
    path.stem: path
    for path in sorted((GITHUB / "ISSUE_TEMPLATE").glob("*.yml"))
    if path.stem != "config"
}
FIELDS: Final = {"input", "textarea", "dropdown", "checkboxes"}


def form(name: str) -> dict[str, Any]:
    """Return an issue form."""
    loaded: dict[str, Any] = yaml.safe_load(read(FORMS[name]))
    return loaded


def test_there_is_a_form_for_a_fault_a_wrong_match_and_a_wish() -> None:
    assert sorted(FORMS) == ["bug", "feature", "wrong_match"]


@pytest.mark.parametrize("name", FORMS)
def test_a_form_is_one_that_github_takes(name: str) -> None:
    found = form(name)
    assert {"name", "description", "body"} <= found.keys()
    fields = [field for field in found["body"] if field["type"] in FIELDS]
    others = [field for field in found["body"] if field["type"] not in FIELDS]
    assert fields
    assert all(field["type"] == "markdown" for field in others)
    ids = [field["id"] for field in fields]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[\w-]+", one) for one in ids)
    assert all(field["attributes"]["label"] for field in fields)
    labels = [field["attributes"]["label"] for field in fields]
    assert len(set(labels)) == len(labels)
    for field in fields:
        options = field["attributes"].get("options", ["one"])
        assert len(options) == len({str(option) for option in options})


@pytest.mark.parametrize("name", ["bug", "wrong_match"])
def test_a_form_asks_for_no_data_of_customers(name: str) -> None:
    (notice,) = [f["attributes"]["value"] for f in form(name)["body"] if f["type"] == "markdown"]
    assert re.search(r"No data of customers|Never the real rows", notice)


def test_documents_that_forms_name_exist() -> None:
    texts = "".join(read(path) for path in FORMS.values())
    named = set(re.findall(r"\bdocs/[\w/.-]+\.md\b", texts))
    assert named
    assert [name for name in sorted(named) if not (ROOT / name).is_file()] == []


def test_nobody_is_made_up_as_an_owner() -> None:
    lines = [line for line in read(GITHUB / "CODEOWNERS").splitlines() if line.strip()]
    assert all(line.startswith("#") for line in lines), "name owners only who exist"
    paths = re.findall(r"^# (/\S+)", read(GITHUB / "CODEOWNERS"), re.MULTILINE)
    assert paths
    assert [path for path in paths if not (ROOT / path.strip("/")).exists()] == []


def test_security_is_reported_in_private_and_without_an_address() -> None:
    text = read(ROOT / "SECURITY.md")
    assert "Private vulnerability reporting" in text
    assert not re.search(r"\w@\w", text)
    assert "SECURITY.md" in read(ROOT / "CONTRIBUTING.md")
