"""The generic tests of an entity pass on tables that are right, and each fails on wrong ones."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Final

import pytest
import yaml

from tests.integration.conftest import run_dbt, statuses_of
from tests.project_copy import ROOT

if TYPE_CHECKING:
    from pathlib import Path

# dbt runs in this process: tracing it takes half as long again, and others measure the same.
pytestmark = [pytest.mark.integration, pytest.mark.no_cover]

PROJECT: Final = 'name: small\nversion: "1.0"\nprofile: concord\nmodels: {+materialized: table}\n'
PARAMETERS: Final = "comparison, level, m_probability, u_probability"
CLUSTERS: Final = "record_id, cluster_id, n_records, record_key, distinct_record_key"
THRESHOLDS: Final = "select 'person' as entity, 0 as accept_weight, -1.5 as lowest_pair_weight"


def rows(names: str, *values: str) -> str:
    """Return a query of rows: names of columns, and one text of values per row."""
    columns = names.split(", ")
    return " union all ".join(
        "select " + ", ".join(f"{v} as {c}" for v, c in zip(row.split(", "), columns, strict=True))
        for row in values
    )


# What is right, and what is wrong with it.
TABLES: Final = {
    "int_person_records": (
        rows("record_id, exclusive_source", "'a', 'other'", "'b', 'clean'", "'c', 'clean'"),
        None,
    ),
    "person_clusters": (
        rows(CLUSTERS, "'a', 'a', 2, 1, 1", "'b', 'a', 2, 2, 2", "'c', 'c', 1, 3, 3"),
        # Named after its larger member, of two records of one clean source that somebody said are
        # two; a is nowhere.
        rows(CLUSTERS, "'b', 'c', 2, 2, 2", "'c', 'c', 2, 3, 3"),
    ),
    "int_person_must_links": (
        rows("record_key, bound_key, contradicted_by", "1, 1, ''", "2, 1, ''").replace(
            "''", "cast(null as string)"
        ),
        None,
    ),
    "int_person_cannot_links": (
        rows(
            "record_key, constraint_name, constraint_value",
            "2, 'decision:d1', 'left'",
            "3, 'decision:d1', 'right'",
        ),
        None,
    ),
    "int_person_identities": (
        "{identities}, true as is_new from {clusters}",
        None,
    ),
    "int_current_run": ("select 'night_2' as run_id", None),
    # The id that is given tonight was given before.
    "stg_concord_ops__entity_ledger": (
        rows("entity, entity_id, run_id", "'person', 'px', 'night_1'"),
        rows("entity, entity_id, run_id", "'person', 'pc', 'night_1'"),
    ),
    "int_person_last_assignments": (
        rows("record_id, person_id, record_hash", "'a', 'pa', 'h'", "'d', 'pd', 'h'"),
        None,
    ),
    "int_person_ledger_rows": (
        rows(
            "record_id, entity_id, record_hash",
            "'b', 'pa', 'h'",
            "'c', 'pc', 'h'",
            "'d', null, null",
        ),
        None,
    ),
    "person_assignments": (
        "select record_id, 'p' || cluster_id as person_id, 'h' as record_hash from {clusters}",
        "select record_id, 'p' || cluster_id as person_id, 'other' as record_hash from {clusters}",
    ),
    "bridge_person_records": (
        "select record_id, 'p' || cluster_id as person_id from {clusters}",
        None,
    ),
    "int_person_written_records": ("select *, {nothing_else} from ({addresses})", None),
    "dim_persons": (
        "{golden} count(*) as n_records, '1' as postcode from {clusters} group by cluster_id",
        # The street of one record beside the postcode of another.
        "{golden} 9 as n_records, '2' as postcode from {clusters} group by cluster_id",
    ),
    "person_value_provenance": ("{golden_street} union all {golden_postcode}", None),
    "int_person_training_evidence": ("select 'city' as comparison, 1 as level", None),
    "person_match_parameters": (
        rows(PARAMETERS, "'city', 0, 0.25, 0.75", "'city', 1, 0.75, 0.25"),
        rows(PARAMETERS, "'city', 0, 0.25, 0.75"),
    ),
    # Two clusters of one record; what their pair weighs is -1.5, or 3.5 bits.
    "int_person_linkage": ("{linkage} 0 {members}", "{linkage} 5000000 {members}"),
    "int_person_candidate_pairs": (
        "select 1 as record_key_l, 2 as record_key_r",
        "select 2 as record_key_l, 1 as record_key_r",
    ),
    "int_person_compared_pairs": (rows("rule_mask", "1"), rows("rule_mask", "1", "0")),
    "int_person_scored_blocked_pairs": ("select 1 as rule_mask", None),
    "int_person_bridged_pairs": ("select 0 as rule_mask", None),
    "int_person_scored_bridged_pairs": ("select 0 as rule_mask", None),
    "person_pairs": (
        "{pair} 0.0 as match_weight {weights}",
        "{pair} 1.0 as match_weight {weights}",
    ),
}
GOLDEN_TEXTS: Final = (
    *("given_name", "middle_name", "family_name", "name_suffix", "full_name", "job_title"),
    *("company_name", "city", "region", "country", "primary_email", "primary_phone"),
)
PROVENANCE: Final = "select 'p' || cluster_id as person_id, '{}' as field, '{}' as value"
PARTS: Final = {
    "identities": "select distinct cluster_id, 'p' || cluster_id as person_id",
    "golden": "select 'p' || cluster_id as person_id, 'Elm' as street, {nothing_else},",
    "golden_street": PROVENANCE.format("street", "Elm") + " from {clusters} group by cluster_id",
    "golden_postcode": PROVENANCE.format("postcode", 1) + " from {clusters} group by cluster_id",
    "addresses": rows(
        "record_id, street, postcode", "'a', 'Elm', '1'", "'b', 'Oak', '2'", "'c', 'Elm', '1'"
    ),
    "nothing_else": "cast(null as date) as date_of_birth, "
    + ", ".join(f"cast(null as string) as {column}" for column in GOLDEN_TEXTS),
    "linkage": "select 'edge' as row_type, 1 as cluster_key, 2 as other_cluster_key,"
    " cast(null as int64) as record_key, cast(null as string) as exclusive_source,"
    " 0 as n_hard_links, cast(null as string) as constraint_name,"
    " cast(null as string) as constraint_value, cast(null as int64) as tolerance,"
    " true as is_converged, ",
    "members": "as excess_weight union all"
    " select 'member', key, null, key, null, null, null, null, null, true, null"
    " from unnest([1, 2]) as key",
    "pair": "select 'a' as record_id_l, 'b' as record_id_r, 0.5 as match_probability,"
    " 0.0 as weight_prior, 0.0 as weight_related, ",
    "weights": "{% for comparison in person_model() %}"
    ", 0.0 as weight_{{ comparison.name }}{% endfor %}",
    "clusters": "{{ ref('person_clusters') }}",
}
TESTS: Final = {
    "person_clusters": (
        *("clusters_are_named_after_a_member", "records_are_in_one_cluster"),
        *("exclusive_sources_stay_apart", "decisions_bind_clusters"),
    ),
    "int_person_identities": ("ids_are_new_to_the_ledger",),
    "person_assignments": ("ledger_replays_to_the_state",),
    "dim_persons": ("marts_agree_with_the_clusters", "golden_groups_come_from_one_record"),
    "person_value_provenance": ("provenance_tells_each_golden_value",),
    "person_match_parameters": ("levels_have_parameters", "probabilities_sum_to_one"),
    "int_person_linkage": ("linkage_leaves_no_merge",),
    "int_person_candidate_pairs": ("pairs_do_not_fan_out", "pairs_stand_once"),
    "person_pairs": ("weights_add_up",),
}
WITHOUT_ENTITY: Final = {"clusters_are_named_after_a_member", "probabilities_sum_to_one"}


# What no comparison finds wrong, as neither side of it is true.
OF_NO_NUMBER: Final = {
    "person_match_parameters": (
        rows(PARAMETERS, "'city', 0, {value}, 0.75", "'city', 1, 0.75, 0.25"),
        "probabilities_sum_to_one",
    ),
    "person_pairs": ("{pair} {value} as match_weight {weights}", "weights_add_up"),
}


def write_models(folder: Path, *, is_right: bool) -> None:
    """Write every table, the right or the wrong one where there is one."""
    (folder / "models/match_thresholds.sql").write_text(THRESHOLDS, encoding="utf-8")
    for name, (right, wrong) in TABLES.items():
        write_model(folder, name, right if is_right or wrong is None else wrong)


def write_model(folder: Path, name: str, sql: str) -> None:
    """Write one table, with what its parts stand for."""
    for part, text in PARTS.items():
        sql = sql.replace("{" + part + "}", text)
    (folder / "models" / f"{name}.sql").write_text(sql + "\n", encoding="utf-8")


def attached() -> list[dict[str, object]]:
    """Return the models with their tests, as dbt reads them."""
    return [
        {
            "name": model,
            "data_tests": [
                test if test in WITHOUT_ENTITY else {test: {"arguments": {"entity": "person"}}}
                for test in tests
            ],
        }
        for model, tests in TESTS.items()
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    (folder / "models").mkdir()
    (folder / "dbt_project.yml").write_text(PROJECT, encoding="utf-8")
    (folder / "models/models.yml").write_text(
        yaml.safe_dump({"models": attached()}), encoding="utf-8"
    )
    shutil.copy(ROOT / "profiles.yml", folder)
    shutil.copytree(ROOT / "macros", folder / "macros")
    shutil.copytree(ROOT / "tests/dbt/generic", folder / "tests/generic")
    return folder


@pytest.mark.slow
@pytest.mark.usefixtures("use_warehouse")
@pytest.mark.parametrize(("is_right", "status"), [(True, "pass"), (False, "fail")])
def test_each_passes_on_what_is_right_and_fails_on_what_is_not(
    folder: Path, is_right: bool, status: str
) -> None:
    write_models(folder, is_right=is_right)
    assert set(statuses_of(run_dbt(folder, "run")).values()) == {"success"}
    found = statuses_of(run_dbt(folder, "test"))
    assert len(found) == sum(map(len, TESTS.values()))
    assert {name for name, outcome in found.items() if outcome != status} == set()


@pytest.mark.slow
@pytest.mark.usefixtures("use_warehouse")
@pytest.mark.parametrize("value", ["cast('nan' as float64)", "cast(null as float64)"])
def test_what_is_no_number_is_not_right(folder: Path, value: str) -> None:
    write_models(folder, is_right=True)
    for name, (sql, _) in OF_NO_NUMBER.items():
        write_model(folder, name, sql.replace("{value}", value))
    assert set(statuses_of(run_dbt(folder, "run")).values()) == {"success"}
    found = statuses_of(run_dbt(folder, "test"))
    for _, test in OF_NO_NUMBER.values():
        assert [status for name, status in found.items() if test in name] == ["fail"], test


def test_every_test_of_an_entity_is_tried_here_or_where_its_seed_is() -> None:
    files = (ROOT / "tests/dbt/generic").glob("*.sql")
    found = {path.stem for path in files if "(model, entity)" in path.read_text(encoding="utf-8")}
    # In test_add_a_comparison.
    of_seeds = {"blocking_rules_say_what_they_use", "comparisons_have_default_parameters"}
    tried = {test for tests in TESTS.values() for test in tests}
    assert found == (tried | of_seeds) - WITHOUT_ENTITY
