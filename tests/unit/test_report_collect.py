"""How figures from the warehouse become the report's words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orchestrator.commands.demo import summary_tables
from orchestrator.dbt.node import Node
from orchestrator.report.came_in import count_raw_tables, list_problems
from orchestrator.report.matching_model import ModelLevel
from orchestrator.report.model import Contribution, FieldPair, Thresholds, Timing
from orchestrator.report.pair_examples import find_examples
from orchestrator.report.timings import group_timings
from tests.unit.report_fakes import FakeTables
from tests.unit.report_sample import make_data

if TYPE_CHECKING:
    import pytest

PAIR = {
    "record_id_l": "hubspot:contact:1",
    "record_id_r": "salesforce:contact:2",
    "match_weight": 12.5,
    "match_probability": 0.9998,
    "is_joined": True,
    "is_same_in_truth": True,
    "weight_prior": -11.0,
    "weight_given_name": 4.5,
    "weight_email": 19.0,
    "weight_phone": 0.0,
    "record_key_l": -7,
    "record_key_r": 12,
    "l_given_name": "robert",
    "r_given_name": "bob",
    "l_emails": ["a@x.example", "b@x.example"],
    "r_emails": [],
}


def full_pair(**changes: object) -> dict[str, Any]:
    names = (
        *("given_name", "family_name", "name_suffix", "emails", "phones", "company_name"),
        *("job_title", "street", "city", "postcode", "date_of_birth"),
    )
    empty = {f"{side}_{name}": None for name in names for side in "lr"}
    return empty | PAIR | changes


WANTED = "abs(pairs.match_weight"
# By the keys of the pair.
COMPARED = "record_key_l = -7 and record_key_r = 12"
REACHED = [{"given_name_level": 4, "email_level": 4, "phone_level": -1}]
LEVELS = (
    ModelLevel("given_name", 4, "nickname or compound", 0.09, 0.004, 4.5),
    ModelLevel("email", 4, "exact", 0.55, 0.00001, 15.7),
)


def find(tables: FakeTables) -> tuple[Any, ...]:
    return find_examples(tables, "person", Thresholds(0, -4), LEVELS, has_truth=True)  # type: ignore[arg-type]


def test_example_reads_weights_by_prefix_and_leaves_out_what_says_nothing() -> None:
    (example,) = find(FakeTables({WANTED: [full_pair()], COMPARED: REACHED}))
    assert example.contributions == (
        Contribution("Starting point", -11.0),
        Contribution("Given name", 4.5, "nickname or compound"),
        Contribution("E-mail", 19.0, "exact"),
    )
    assert sum(part.weight for part in example.contributions) == example.weight
    assert example.fields == (
        FieldPair("Given name", "robert", "bob"),
        FieldPair("E-mails", "a@x.example, b@x.example", ""),
    )


def test_a_short_agreed_value_stands_beside_the_level() -> None:
    agreed = full_pair(l_given_name="ann", r_given_name="ann")
    (example,) = find(FakeTables({WANTED: [agreed], COMPARED: REACHED}))
    assert example.contributions[1].level == "nickname or compound, ann"
    long = full_pair(l_given_name="maximiliane-sophie", r_given_name="maximiliane-sophie")
    (example,) = find(FakeTables({WANTED: [long], COMPARED: REACHED}))
    assert example.contributions[1].level == "nickname or compound"


def test_no_pair_is_shown_twice() -> None:
    same = FakeTables({"limit 1": [full_pair()]})
    assert len(find(same)) == 1
    other = full_pair(record_id_r="salesforce:contact:3")
    different = FakeTables({WANTED: [other], "limit 1": [full_pair()]})
    assert len(find(different)) == 2


def test_without_truth_no_query_reads_it() -> None:
    tables = FakeTables({})
    find_examples(tables, "company", Thresholds(0, -4), (), has_truth=False)  # type: ignore[arg-type]
    assert len(tables.queries) == 3
    assert not any("demo." in sql for sql in tables.queries)


def test_raw_tables_balance_and_missing_ones_are_left_out() -> None:
    tables = FakeTables(
        {
            "__rejected": [
                {
                    "table_name": "hubspot.contact",
                    "reason": "id is missing",
                    "place": "rejected",
                    "row_count": 2,
                }
            ],
            "stg_quarantine": [
                {
                    "table_name": "hubspot.contact",
                    "reason": "duplicate_id",
                    "place": "quarantined",
                    "row_count": 3,
                }
            ],
            "'raw.hubspot.contact'": [
                {"name": "raw.hubspot.contact", "row_count": 10},
                {"name": "staged.hubspot.contact", "row_count": 7},
                {"name": "raw.hubspot.company", "row_count": 0},
            ],
        },
        missing={"salesforce.lead", "stg_salesforce__leads"},
    )
    problems = list_problems(tables)  # type: ignore[arg-type]
    assert [(p.reason, p.place, p.rows) for p in problems] == [
        ("duplicate id", "quarantined", 3),
        ("id is missing", "rejected", 2),
    ]
    (contact,) = count_raw_tables(tables, problems)  # type: ignore[arg-type]
    assert (contact.rows, contact.staged) == (10, 7)
    assert contact.rows == (contact.staged or 0) + contact.quarantined
    assert contact.rejected == 2
    assert not any("`raw_salesforce.lead`" in sql for sql in tables.queries)


def node(unique_id: str, seconds: float, relation: str | None = None) -> Node:
    return Node(unique_id, "success", seconds=seconds, relation=relation)


def test_times_are_summed_by_layer() -> None:
    nodes = [
        node("test.concord.unique_x.1", 0.5),
        node("model.concord.person_clusters", 3, "`p`.`concord_matching`.`person_clusters`"),
        node("model.concord.int_company_em", 2, "`p`.`concord_matching`.`int_company_em`"),
        node("model.concord.stg_a", 1, "`p`.`concord_staging`.`stg_a`"),
        node("model.concord.stg_b", 1.5, "`p`.`concord_staging`.`stg_b`"),
        node("unit_test.concord.stg_a.works", 0.25),
        node("model.concord.odd", 0.1, None),
    ]
    assert group_timings(nodes, "concord") == (
        Timing("staging", 2.5, 2),
        Timing("matching of companies", 2, 1),
        Timing("matching of people", 3, 1),
        Timing("other models", 0.1, 1),
        Timing("tests", 0.75, 2),
    )


def test_terminal_summary_has_the_figures(capsys: pytest.CaptureFixture[str]) -> None:
    from rich.console import Console

    console = Console(width=100)
    for table in summary_tables(make_data()):
        console.print(table)
    shown = capsys.readouterr().out
    for text in ("salesforce.contact", "1,019", "61,234", "1,942", "people, B-cubed", "99.1%"):
        assert text in shown
