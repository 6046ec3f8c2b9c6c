"""Environments of Terraform: each has its values and its state, in a project of its own."""

from __future__ import annotations

import re
from typing import Any, Final

import hcl2
import pytest

from tests.unit.document_texts import ROOT, read

TERRAFORM: Final = ROOT / "infrastructure" / "terraform"
FOLDER: Final = TERRAFORM / "environments"
NAMES: Final = ("dev", "prod", "staging")


def values(name: str) -> dict[str, Any]:
    """Return the values of a file."""
    found = hcl2.loads(read(FOLDER / name))
    plain = {key: value for key, value in found.items() if key != "__comments__"}
    return {key: v.strip('"') if isinstance(v, str) else v for key, v in plain.items()}


def declared() -> dict[str, bool]:
    """Return the variables of Terraform, and whether each has a default."""
    blocks = hcl2.loads(read_variables())["variable"]
    return {name.strip('"'): "default" in body for one in blocks for name, body in one.items()}


def test_the_environments_are_those_that_terraform_takes() -> None:
    for ending in (".tfvars", ".gcs.tfbackend"):
        found = {path.name.removesuffix(ending) for path in FOLDER.glob(f"*{ending}")}
        assert found == set(NAMES), ending
    (allowed,) = re.findall(r"contains\((\[[^\]]*\]), var\.environment\)", read_variables())
    assert set(re.findall(r'"(\w+)"', allowed)) == set(NAMES)


def read_variables() -> str:
    """Return the files of the variables."""
    return "\n".join(read(path) for path in sorted(TERRAFORM.glob("variables*.tf")))


@pytest.mark.parametrize("name", NAMES)
def test_an_environment_sets_what_it_must_and_nothing_unknown(name: str) -> None:
    given = values(f"{name}.tfvars")
    assert given["environment"] == name
    assert sorted(set(given) - set(declared())) == []
    assert sorted(key for key, has in declared().items() if not has and key not in given) == []


def test_no_two_environments_share_a_project_or_a_state() -> None:
    projects = {name: values(f"{name}.tfvars")["project"] for name in NAMES}
    assert len(set(projects.values())) == len(NAMES)
    for name, project in projects.items():
        state = values(f"{name}.gcs.tfbackend")
        assert state == {"bucket": f"{project}-terraform-state", "prefix": "concord"}
    # Whatever stood here would count for all of them.
    assert 'backend "gcs" {}' in read(TERRAFORM / "versions.tf")


def test_values_of_environments_are_kept_and_others_are_not() -> None:
    kept = read(TERRAFORM / ".gitignore").splitlines()
    assert kept.index("*.tfvars") < kept.index("!environments/*.tfvars")
