"""A model is trained once and used afterwards: nothing trains then, and results are the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pytest

from orchestrator.bigquery.connect import Connection, private_local_warehouse
from orchestrator.dbt.runner import DbtResult, DbtRunner, failed_nodes_text, project_manifest
from orchestrator.models.candidate import SELECTED
from orchestrator.models.compare import compare_builds
from orchestrator.models.sides import ComparedBuild, Sides
from orchestrator.models.stored import ENTITIES, keep_version
from orchestrator.settings.values import Settings
from orchestrator.sources.own_tables import ensure_own_tables
from orchestrator.sources.raw_tables import ensure_raw_tables
from orchestrator.sources.source_schemas import read_raw_tables
from tests.integration.conftest import ROOT
from tests.integration.copied_records import invented

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [
    pytest.mark.integration,
    pytest.mark.needs_models,
    pytest.mark.slow,
    # Two whole builds: too long for every check.
    pytest.mark.fortnight,
    # dbt runs in this process: tracing it takes half as long again, and others measure the same.
    pytest.mark.no_cover,
]

# What a build that uses a version has no need of.
TRAINING: Final = ("em", "em_initial", "training_evidence", "comparison_vectors", "random_pairs")
RESULTS: Final = (
    *("{entity}_match_parameters", "int_{entity}_features", "{entity}_pairs", "{entity}_clusters"),
    "int_{entity}_expected_quality",
)


@dataclass(frozen=True, slots=True)
class Built:
    """A warehouse with a trained build and one that used its version, each in its datasets."""

    connection: Connection
    version: str
    trained: DbtResult
    used: DbtResult


def build(connection: Connection, dataset: str, model: str) -> DbtResult:
    """Build the matching without tests into datasets of a prefix."""
    settings = connection.settings.with_changes(dataset=dataset, ops_prefix="kept", model=model)
    return DbtRunner(settings).invoke(
        *("build", "--select", *SELECTED),
        *("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"),
    )


def fill(connection: Connection) -> None:
    """Write forty people whom two systems know, under the same or a shortened name."""
    rows = [
        f"""select '{system}-{number}' as record_id, '{system}' as source_system,
        '{given if system == "crm" else given[:3]}' as given_name,
        '{invented(11 * (number % 35) + 5)}n' as family_name,
        ['{invented(number)}@{invented(number + 1)}.com'] as emails,
        'York' as city, 'Acme {number % 5}' as company_name,
        timestamp('2026-01-01') as _loaded_at"""
        for number in range(40)
        for system in ("crm", "web")
        for given in (invented(7 * number + 3),)
    ]
    table = connection.table_id(connection.settings.raw_dataset("files"), "people")
    connection.query(
        f"insert into `{table}` (record_id, source_system, given_name, family_name, emails, city, "
        f"company_name, _loaded_at) {' union all '.join(rows)}"
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    """Return a warehouse in which both were built from the same raw data."""
    settings = Settings(project_dir=ROOT, sources=("files",), dataset="trained", ops_prefix="kept")
    folder = tmp_path_factory.mktemp("warehouse")
    with private_local_warehouse(settings, folder, "1GB") as opened:
        declared = read_raw_tables(ROOT).values()
        ensure_raw_tables(opened, [table for table in declared if table.source == "files"])
        ensure_own_tables(opened)
        fill(opened)
        trained = build(opened, "trained", "train")
        assert trained.is_success, failed_nodes_text(trained)
        version = keep_version(opened, "trained", "first")
        used = build(opened, "used", version)
        assert used.is_success, failed_nodes_text(used)
        yield Built(opened, version, trained, used)


def names(result: DbtResult) -> set[str]:
    return {node.name for node in result.nodes or ()}


def test_nothing_trains_in_a_build_that_uses_a_version(built: Built) -> None:
    training = {f"int_{entity}_{step}" for entity in ENTITIES for step in TRAINING}
    assert training <= names(built.trained)
    assert not training & names(built.used)
    settings = built.connection.settings.with_changes(model=built.version)
    manifest = project_manifest(DbtRunner(settings), "parse")
    assert not training & {node.name for node in manifest.values()}


@pytest.mark.parametrize("entity", ENTITIES)
def test_unchanged_data_give_the_same_to_the_last_digit(built: Built, entity: str) -> None:
    for result in RESULTS:
        name = result.format(entity=entity)
        # A build that trains has no hashes: it compares every pair anyway.
        left_out = " except (feature_hash)" if name == "int_person_features" else ""
        one, other = (
            f"select to_json_string(t) as row_json from (select *{left_out} from "
            f"`{built.connection.table_id(f'{dataset}_matching', name)}`) as t"
            for dataset in ("trained", "used")
        )
        (counted,) = built.connection.query(f"""
            select
                (select count(*) from ({one})) as n_rows,
                (select count(*) from ({one} except distinct {other})) as n_only_trained,
                (select count(*) from ({other} except distinct {one})) as n_only_used
        """)
        assert (counted["n_only_trained"], counted["n_only_used"]) == (0, 0), name
        assert counted["n_rows"] > 0 or entity == "company", name


def test_the_version_is_the_one_that_was_named(built: Built) -> None:
    for dataset in ("trained", "used"):
        name = built.connection.table_id(f"{dataset}_matching", "int_person_model_version")
        rows = built.connection.query(f"select distinct model_version from `{name}`")
        assert [row["model_version"] for row in rows] == [built.version]
    sides = Sides(
        built.connection,
        ComparedBuild("trained", built.version),
        ComparedBuild("used", built.version),
    )
    people, _ = compare_builds(sides, 0.0).entities
    assert people.change.records == 80
    assert (people.change.changed_ids, people.change.partition_distance) == (0, 0.0)
    assert people.old == people.new


def test_what_was_not_trained_stops_the_build(built: Built) -> None:
    unknown = build(built.connection, "used", "0123456789abcdef")
    assert not unknown.is_success
    assert "names the version 0123456789abcdef of the model" in failed_nodes_text(unknown)
    models = built.connection.table_id("kept_ops", "match_models")
    for changed, other in (
        ("accept_weight + 1 as accept_weight", "other thresholds"),
        (
            "array(select p from unnest(parameters) as p where p.level != 5) as parameters",
            "other levels (",
        ),
    ):
        version = f"{len(other):016d}"
        built.connection.query(f"""
            insert into `{models}`
            select * replace ('{version}' as model_version, {changed})
            from `{models}`
            where model_version = '{built.version}'
        """)
        settings = built.connection.settings.with_changes(dataset="used", model=version)
        result = DbtRunner(settings).invoke("run", "--select", "person_match_parameters")
        assert not result.is_success
        assert other in failed_nodes_text(result)
