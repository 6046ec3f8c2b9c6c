"""Tables that are asked for by an id are clustered by it; events are partitioned by their time."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import pytest

from tests.unit.test_public_models import config, models
from tools.googlesql_check.node_rules import CLUSTER_TYPES, MAX_CLUSTER_COLUMNS

ROOT: Final = Path(__file__).resolve().parents[2]
# What somebody names to see one row or a few of them.
ASKED_BY: Final = re.compile(
    r"(?:record|person|company|household|entity|cluster|interaction|retired)_(?:id|key)(?:_[lr])?"
    r"|participant_address"
)
# Of its rows there are ten per check, however many records there are.
BOUNDED: Final = frozenset({"implausible_entities"})
TIMES: Final = ("occurred_at", "happened_at")
REF: Final = re.compile(r"ref\(((?:'\w+'|entity|[ ~])+)\)")
# A statement changes 4,000 partitions of a table at most: days would end with the eleventh year.
UNITS: Final = ("month", "year")
MODELS: Final = models()


def columns(name: str) -> dict[str, str]:
    """Return the declared columns of a model and their types."""
    return {
        column["name"]: column.get("data_type", "").upper()
        for column in MODELS[name].get("columns", ())
    }


def clusters(name: str) -> list[str]:
    """Return what a model is clustered by."""
    found = config(MODELS[name], "cluster_by") or []
    return [found] if isinstance(found, str) else found


def partitions(name: str) -> dict[str, Any]:
    """Return how a model is partitioned."""
    return config(MODELS[name], "partition_by") or {}


def tables() -> set[str]:
    """Return the models that are tables, at least in a night that trains."""
    found = set()
    for path in (ROOT / "models").rglob("*.sql"):
        text = path.read_text(encoding="utf-8")
        is_staging = "staging" in path.parts and "materialized='table'" not in text
        if not is_staging and "materialized='view'" not in text:
            found.add(path.stem)
    return found & set(MODELS)


def read_by_commands() -> set[str]:
    """Return the models that the statements of `concord explain` and `concord show` read."""
    found = set()
    for path in (*(ROOT / "analyses").glob("*.sql"), *(ROOT / "macros/explain").glob("*.sql")):
        for written in REF.findall(path.read_text(encoding="utf-8")):
            for entity in ("person", "company"):
                parts = [part.strip() for part in written.split("~")]
                found.add("".join(entity if p == "entity" else p.strip("'") for p in parts))
    # What a view of all pairs reads.
    found |= {
        f"int_{entity}_scored_{kind}_pairs"
        for entity in ("person", "company")
        for kind in ("blocked", "bridged")
    }
    return found


def asked_by_an_id() -> list[str]:
    """Return the tables of which somebody asks for the rows of one id."""
    public = {name for name, model in MODELS.items() if config(model, "access") == "public"}
    return sorted(
        name
        for name in (public | read_by_commands()) & tables() - BOUNDED
        if any(ASKED_BY.fullmatch(column) for column in columns(name))
    )


def test_the_tables_are_found() -> None:
    found = asked_by_an_id()
    assert {"dim_persons", "person_assignments", "int_company_blocks"} <= set(found)
    assert len(found) > 40
    assert not {"person_pairs", "run_metrics_history", "match_quality"} & set(found)


@pytest.mark.parametrize("name", asked_by_an_id())
def test_what_is_asked_for_by_an_id_is_clustered(name: str) -> None:
    assert clusters(name), f"{name} needs cluster_by: {', '.join(columns(name))}"


@pytest.mark.parametrize("name", [name for name in MODELS if clusters(name)])
def test_clusters_can_be_made(name: str) -> None:
    found = clusters(name)
    assert name in tables()
    assert len(found) <= MAX_CLUSTER_COLUMNS
    assert len(set(found)) == len(found)
    known = columns(name)
    # A step need not declare all its columns, or their types: Google's analyzer knows them.
    is_complete = config(MODELS[name], "contract") == {"enforced": True}
    for column in found:
        assert column in known or not is_complete
        assert not known.get(column) or known[column] in CLUSTER_TYPES


def test_events_are_partitioned_by_their_time() -> None:
    events = {name: time for name in asked_by_an_id() for time in TIMES if time in columns(name)}
    assert len(events) >= 4
    assert {name: partitions(name).get("field") for name in events} == events


@pytest.mark.parametrize("name", [name for name in MODELS if partitions(name)])
def test_partitions_can_be_made(name: str) -> None:
    found = partitions(name)
    assert columns(name)[found["field"]] == found["data_type"].upper()
    assert found["granularity"] in UNITS
    document = (ROOT / "docs" / "operate" / "scale.md").read_text(encoding="utf-8")
    assert re.search(rf"`{name}`[^\n]*\b{found['granularity']}\b", document)


def test_nothing_of_production_expires_and_nothing_refuses_to_be_read() -> None:
    """Decision 52 says why."""
    files = [
        ROOT / "dbt_project.yml",
        *(ROOT / "models").rglob("*.*"),
        *(ROOT / "snapshots").glob("*"),
    ]
    words = re.compile(r"hours_to_expiration|partition_expiration_days|require_partition_filter")
    assert [path.name for path in files if words.search(path.read_text(encoding="utf-8"))] == []
