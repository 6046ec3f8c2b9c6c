"""Two builds beside each other: merged, split and moved entities, and what is kept of models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from orchestrator.bigquery.connect import Connection
from orchestrator.bigquery.ensure import ensure_dataset
from orchestrator.errors import ConfigurationError
from orchestrator.models.compare import compare_builds, document
from orchestrator.models.compare_text import as_markdown, as_text
from orchestrator.models.sides import find_state, find_versions
from orchestrator.models.stored import (
    keep_version,
    list_versions,
    promote_version,
    promoted_version,
    require_version,
)
from orchestrator.models.used import with_used_model
from orchestrator.sources.own_tables import ensure_own_tables

if TYPE_CHECKING:
    from collections.abc import Iterable

pytestmark = pytest.mark.integration

OLD: Final = "aaaaaaaaaaaaaaaa"
NEW: Final = "bbbbbbbbbbbbbbbb"
FIELDS: Final = {
    "person": (
        *("given_name", "family_name", "name_suffix", "company_name"),
        *("job_title", "street", "city", "postcode", "date_of_birth"),
    ),
    "company": ("company_name", "street", "city", "postcode"),
}
LISTS: Final = {"person": ("emails", "phones"), "company": ("domains", "phones")}
# Entity of each record: `a` and `b` merge, `c` splits, of `d` one record moves to `e`, `f` stays.
BEFORE: Final = {
    **dict.fromkeys(("r01", "r02"), "a"),
    **dict.fromkeys(("r03",), "b"),
    **dict.fromkeys(("r04", "r05", "r06"), "c"),
    **dict.fromkeys(("r07", "r08", "r09"), "d"),
    **dict.fromkeys(("r10", "r11"), "e"),
    **dict.fromkeys(("r12", "r13"), "f"),
    "gone": "g",
}
AFTER: Final = {
    **dict.fromkeys(("r01", "r02", "r03"), "a"),
    **dict.fromkeys(("r04", "r05"), "c"),
    **dict.fromkeys(("r06",), "c2"),
    **dict.fromkeys(("r07", "r08"), "d"),
    **dict.fromkeys(("r09", "r10", "r11"), "e"),
    **dict.fromkeys(("r12", "r13"), "f"),
}
PAIRS: Final = (("r01", "r03"), ("r02", "r03"), ("r04", "r06"), ("r09", "r10"), ("r12", "r13"))


@pytest.fixture
def nightly(connection: Connection, request: pytest.FixtureRequest) -> Connection:
    """Return a warehouse with the nightly tables and a candidate beside them."""
    settings = connection.settings.with_changes(dataset=f"m_{request.node.name[:40]}")
    opened = Connection(settings, connection.client)
    ensure_own_tables(opened)
    build(opened, settings.dataset, OLD, BEFORE, weights=(1.0, 2.0))
    build(opened, f"{settings.dataset}_candidate", NEW, AFTER, weights=(3.0, 4.0))
    return opened


def build(
    connection: Connection,
    dataset: str,
    version: str,
    clusters: dict[str, str],
    weights: tuple[float, float],
) -> None:
    """Write the tables that a build leaves, as far as they are looked at."""
    for layer in ("matching", "standardized"):
        ensure_dataset(connection, f"{dataset}_{layer}")
    tables = {"matching.int_match_model_version": f"select '{version}' as model_version"}
    for entity in ("person", "company"):
        mine = clusters if entity == "person" else {"r01": "a"}
        names = ", ".join(
            [f"cast(null as string) as {name}" for name in FIELDS[entity][1:]]
            + [f"['ann@example.org'] as {name}" for name in LISTS[entity]]
        )
        tables |= {
            f"matching.{entity}_clusters": rows(
                f"select '{record}' as record_id, '{cluster}' as cluster_id"
                for record, cluster in mine.items()
            ),
            f"matching.{entity}_pairs": rows(
                f"""select '{left}' as record_id_l, '{right}' as record_id_r,
                {weights[0] + number} as match_weight, -2.0 as weight_identifier,
                {weights[1] + number} as weight_name"""
                for number, (left, right) in enumerate(PAIRS)
            ),
            f"matching.int_{entity}_expected_quality": """select 0.9 as expected_precision,
                0.8 as expected_recall, cast(null as float64) as expected_f1""",
            f"standardized.int_{entity}_records": rows(
                f"select '{record}' as record_id, 'Wilhelmina' as {FIELDS[entity][0]}, {names}"
                for record in mine
            ),
            f"matching.int_{entity}_model_frequencies": rows(
                f"""select '{entity}' as entity, 'city' as attribute, {value} as value,
                {frequency} as frequency"""
                for value, frequency in (("'york'", 0.25), ("cast(null as string)", 0.125))
            ),
            f"matching.int_{entity}_model_record": f"""
                select '{version}' as model_version, '{entity}' as entity,
                timestamp('2026-01-02 03:04:05') as trained_at, 0.0 as accept_weight,
                -4.0 as review_weight, -1.5 as lowest_pair_weight, 7 as n_training_rounds,
                true as is_training_settled, 0.25 as training_change, 13 as n_records,
                0.9 as expected_precision, 0.8 as expected_recall, 0.85 as expected_f1,
                [struct('prior' as comparison, 0 as level, 'share' as label,
                0.001 as m_probability, 0.999 as u_probability, -9.5 as match_weight,
                7 as n_rounds)] as parameters""",
        }
    for name, sql in tables.items():
        layer, _, table = name.partition(".")
        target = connection.table_id(f"{dataset}_{layer}", table)
        connection.query(f"create or replace table `{target}` as {sql}")


def rows(selects: Iterable[str]) -> str:
    return " union all ".join(selects)


def test_entities_that_differ_are_counted(nightly: Connection) -> None:
    people, companies = compare_builds(find_versions(nightly, None, None), 0.5).entities
    change = people.change
    assert (change.records, change.only_old, change.only_new) == (13, 1, 0)
    assert (change.merged, change.split, change.moved) == (1, 1, 2)
    # r03 goes on as a, r06 is new, r09 goes on as e.
    assert change.changed_ids == 3
    assert change.changed_share == pytest.approx(3 / 13)
    # Two of the three records of the merged entity, and of the one that took a record, agree.
    assert change.partition_distance == pytest.approx(2 / 13)
    assert (people.old.entities, people.new.entities) == (7, 6)
    assert people.old.conflict_rates["identifier"] == 1.0
    assert companies.change.changed_ids == 0


def test_examples_show_both_waterfalls_and_no_values(nightly: Connection) -> None:
    compared = compare_builds(find_versions(nightly, None, None), 0.01)
    examples = {one.kind: one for one in compared.entities[0].examples}
    assert {kind: (one.left_id, one.right_id) for kind, one in examples.items()} == {
        "merged": ("r02", "r03"),
        "split": ("r04", "r06"),
        "moved": ("r09", "r10"),
    }
    assert examples["merged"].match_weight == (2.0, 4.0)
    assert examples["split"].weights["name"] == (4.0, 6.0)
    assert examples["split"].values["given_name"] == ("W***", "the same")
    assert compared.too_many == ("person",)
    for text in (as_text(compared), as_markdown(compared), str(document(compared))):
        assert "Wilhelmina" not in text
        assert "@example" not in text
        assert "23.08%" in text or "0.2307" in text


def test_a_version_is_kept_once_and_promoted(nightly: Connection) -> None:
    settings = nightly.settings
    assert with_used_model(nightly).settings.model == "train"
    for _ in range(2):
        assert keep_version(nightly, settings.dataset, "run1") == OLD
        assert keep_version(nightly, f"{settings.dataset}_candidate") == NEW
    frequencies = nightly.table_id(settings.ops_dataset, "match_model_frequencies")
    (counted,) = nightly.query(f"select count(*) as n from `{frequencies}`")
    assert counted["n"] == 8
    assert promote_version(nightly, OLD, "run1") is None
    assert promote_version(nightly, OLD, "run2") == OLD
    assert promote_version(nightly, NEW, "ann") == OLD
    assert promoted_version(nightly) == NEW
    assert with_used_model(nightly).settings.model == NEW
    listed = {one.version: one for one in list_versions(nightly)}
    assert (listed[NEW].is_promoted, listed[OLD].is_promoted) == (True, False)
    assert (listed[OLD].run_id, listed[NEW].run_id) == ("run1", None)
    assert listed[OLD].records == {"person": 13, "company": 13}
    with pytest.raises(ConfigurationError, match="there is no version cccc"):
        require_version(nightly, "cccc")


def test_builds_of_other_datasets_are_compared(nightly: Connection) -> None:
    beside = nightly.settings.with_changes(dataset=f"{nightly.settings.dataset}_candidate")
    sides = find_state(Connection(beside, nightly.client), nightly.settings.dataset)
    assert compare_builds(sides, 1.0).entities[0].change.merged == 1
    with pytest.raises(ConfigurationError, match="nothing is built in the datasets nowhere"):
        find_state(nightly, "nowhere")
    with pytest.raises(ConfigurationError, match="no tables are built with version cccc"):
        find_versions(nightly, "cccc", None)
