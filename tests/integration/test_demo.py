"""The main job on a fresh copy of the project: demo, dbt's unit tests, plain dbt, dbt docs."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from fastapi.testclient import TestClient

from orchestrator.api.app import create_app
from orchestrator.api.start import open_service
from orchestrator.local_warehouse import process
from orchestrator.serving.lookup import understood
from orchestrator.settings.values import load_settings
from tests.integration.conftest import client_of
from tests.personal_columns import personal_columns
from tests.project_copy import ROOT, copy_project, share_translations
from tools.googlesql_check.engine import GoogleSql
from tools.googlesql_check.semantics.unit_tests import unit_tests
from tools.googlesql_check.semantics.verdicts import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _pytest.mark import ParameterSet
    from google.cloud.bigquery import Client, SchemaField

    from orchestrator.api.callers import LocalKey
    from orchestrator.local_warehouse.state import Warehouse

pytestmark = pytest.mark.integration

BIN = Path(sys.executable).parent
PEOPLE = """id,first,last,mail,town
1,Ann,Lee,ann.lee@example.org,York
2,Anne,Lee,ann.lee@example.org,York
3,Bob,Ray,bob@example.org,Leeds
4,Rob,Ray,bob@example.org,
"""
MAPPING = """
entity: person
record_id: id
columns: {given_name: first, family_name: last, emails: [mail], city: town}
"""


def run(project: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: text for name, text in os.environ.items() if not name.startswith("CONCORD_")}
    return subprocess.run(
        [str(BIN / command[0]), *command[1:]],
        cwd=project,
        env={**clean, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a copy of the project in which the demo has run."""
    folder = tmp_path_factory.mktemp("demo") / "concord"
    folder.mkdir()
    copy_project(folder)
    share_translations(folder)
    try:
        demo = run(folder, "concord", "demo")
        assert demo.returncode == 0, demo.stdout + demo.stderr
        (folder / "demo.txt").write_text(demo.stdout, encoding="utf-8")
        (folder / "demo_errors.txt").write_text(demo.stderr, encoding="utf-8")
        yield folder
    finally:
        run(folder, "concord", "warehouse", "stop")


@pytest.fixture(scope="module")
def warehouse(project: Path) -> Warehouse:
    running = process.running_warehouse(project / ".concord")
    assert running is not None
    return running


@pytest.fixture(scope="module")
def client(warehouse: Warehouse) -> Client:
    return client_of(warehouse)


def one_row(client: Client, sql: str) -> dict[str, object]:
    return dict(next(iter(client.query_and_wait(sql))).items())


def test_demo_resolves_people_and_companies(project: Path, client: Client) -> None:
    assert "How right it is" in (project / "demo.txt").read_text(encoding="utf-8")
    for entity, least_precision, least_recall in (("person", 0.9, 0.8), ("company", 0.95, 0.9)):
        figures = one_row(
            client,
            f"""
            with joined as (
                select truth.entity_id, clusters.cluster_id
                from concord_demo.{entity}_truth as truth
                inner join concord_matching.{entity}_clusters as clusters
                    on truth.record_id = clusters.record_id
            ),
            both as (
                select sum(n * (n - 1) / 2) as pairs
                from (select count(*) as n from joined group by entity_id, cluster_id)
            ),
            found as (
                select sum(n * (n - 1) / 2) as pairs
                from (select count(*) as n from joined group by cluster_id)
            ),
            true_pairs as (
                select sum(n * (n - 1) / 2) as pairs
                from (select count(*) as n from joined group by entity_id)
            )
            select
                both.pairs / found.pairs as precision_of_pairs,
                both.pairs / true_pairs.pairs as recall_of_pairs,
            from both cross join found cross join true_pairs
            """,
        )
        precision, recall = figures["precision_of_pairs"], figures["recall_of_pairs"]
        assert isinstance(precision, float)
        assert isinstance(recall, float)
        assert precision >= least_precision
        assert recall >= least_recall


def test_every_record_reaches_the_marts(client: Client) -> None:
    for entity in ("person", "company"):
        plural = {"person": "persons", "company": "companies"}[entity]
        counts = one_row(
            client,
            f"""
            select
                (select count(*) from concord_standardized.int_{entity}_records) as records,
                (select count(*) from concord_marts.bridge_{entity}_records) as bridged,
                (select count(*) from concord_marts.dim_{plural}) as entities,
                (select count(distinct {entity}_id) from concord_marts.bridge_{entity}_records)
                    as bridged_entities,
            """,
        )
        assert counts["records"] == counts["bridged"]
        assert counts["entities"] == counts["bridged_entities"]
        assert counts["records"] != 0


def test_no_log_of_the_demo_names_anybody(project: Path, client: Client) -> None:
    people = set()
    for path in (project / "build" / "demo").glob("*.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            people.update(_personal_data(line))
    assert len(people) > 5000
    state = project / ".concord"
    logs = [
        *(project / "demo.txt", project / "demo_errors.txt"),
        *state.glob("dbt/**/dbt.log"),
        *state.glob("runs/**/*.json*"),
    ]
    texts = {path: path.read_text(encoding="utf-8") for path in logs}
    texts[Path("pipeline_runs")] = json.dumps(
        [dict(row) for row in client.query_and_wait("select * from concord_ops.pipeline_runs")],
        default=str,
    )
    assert any(path.name == "dbt.log" and "dim_persons" in text for path, text in texts.items())
    assert any(path.suffix == ".jsonl" and "dim_persons" in text for path, text in texts.items())
    assert "success" in texts[Path("pipeline_runs")]
    found = {(path.name, value) for path, text in texts.items() for value in people & _words(text)}
    assert found == set()


def _personal_data(line: str) -> set[str]:
    """Return the e-mail addresses, telephone numbers and names of people of one sample row."""
    try:
        row = json.loads(line)
    except ValueError:
        return set()  # One of the broken rows.
    if not isinstance(row, dict):
        return set()  # Another one.
    texts = [text for text in row.values() if isinstance(text, str)]
    found = {word for text in texts for word in _words(text) if "@" in word}
    found |= {text for text in texts if re.fullmatch(r"\+?[\d ().x-]{10,}", text)}
    first = row.get("first_name") or row.get("property_firstname")
    last = row.get("last_name") or row.get("property_lastname")
    return found | ({f"{first} {last}"} if first and last else set())


def _words(text: str) -> set[str]:
    """Return the words of a text, and each with the next one and the next two."""
    words = [word.strip("\"'`.,;:()[]{}<>") for word in text.split()]
    pairs = (" ".join(words[at : at + 2]) for at in range(len(words)))
    triples = (" ".join(words[at : at + 3]) for at in range(len(words)))
    return {*words, *pairs, *triples}


def test_report_is_one_file_without_network(project: Path) -> None:
    report = (project / "build" / "report.html").read_text(encoding="utf-8")
    # For each entity: sizes, weights, three waterfalls, the model, two of thresholds, blocking; and
    # two of times.
    assert report.count("<svg") == 2 * 9 + 2
    for loader in ('src="http', "src='http", '<link rel="stylesheet"', "@import", "<script"):
        assert loader not in report


def test_report_shows_the_trained_model(project: Path, client: Client) -> None:
    report = (project / "build" / "report.html").read_text(encoding="utf-8")
    for entity in ("person", "company"):
        trained = client.query_and_wait(
            f"""
            select label, match_weight, n_rounds
            from concord_matching.{entity}_match_parameters
            where not starts_with(comparison, 'prior_')
            """
        )
        rows = list(trained)
        assert len(rows) > 20
        for row in rows:
            assert f">{row['match_weight']:+.1f}<" in report.replace("\u2212", "-")
        assert f"Learned in {rows[0]['n_rounds']} rounds" in report
    assert "Family name: exact" in report
    assert "Explained otherwise" in report


def test_report_marks_the_threshold_in_use(project: Path, client: Client) -> None:
    report = (project / "build" / "report.html").read_text(encoding="utf-8")
    figures = one_row(
        client,
        """
        select
            count(*) as accepted,
            countif(l.entity_id = r.entity_id) as right_pairs,
        from concord_matching.person_pairs as pairs
        inner join concord_demo.person_truth as l on pairs.record_id_l = l.record_id
        inner join concord_demo.person_truth as r on pairs.record_id_r = r.record_id
        where pairs.match_weight >= 0
        """,
    )
    accepted, right = figures["accepted"], figures["right_pairs"]
    assert isinstance(accepted, int)
    assert isinstance(right, int)
    in_use = re.search(r'<tr class="total">(?:(?!</tr>).)*in use', report, flags=re.DOTALL)
    assert in_use is not None
    assert f">{accepted:,}<" in in_use.group()
    assert f">{right / accepted:.1%}<" in in_use.group()
    assert report.count(">in use: 0<") == 2


def test_report_says_what_each_blocking_rule_brings(project: Path, client: Client) -> None:
    report = (project / "build" / "report.html").read_text(encoding="utf-8")
    rules = list(client.query_and_wait("select * from concord_marts.blocking_rule_yield"))
    assert {row["entity"] for row in rules} == {"person", "company"}
    assert any(row["n_left_out_records"] > 0 for row in rules)
    for row in rules:
        if row["n_pairs"]:
            assert f">{row['n_pairs']:,}, {row['n_new_pairs']:,} new<" in report
        if row["n_left_out_keys"]:
            assert f">{row['n_left_out_records']:,}</td>" in report


def _queries_of_documents() -> Iterator[ParameterSet]:
    # Pages for developers show the code of models.
    groups = ((ROOT / "docs" / group).glob("*.md") for group in ("use", "model", "operate"))
    for path in sorted(chain.from_iterable(groups)):
        text = path.read_text(encoding="utf-8")
        queries = re.findall(r"^```sql\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
        for number, sql in enumerate(queries, start=1):
            # Only BigQuery knows its jobs.
            if "information_schema.jobs" not in sql:
                yield pytest.param(sql, id=f"{path.stem}-{number}")


@pytest.mark.parametrize("sql", list(_queries_of_documents()))
def test_queries_of_the_documents_run(client: Client, sql: str) -> None:
    assert client.query_and_wait(sql).schema


def test_blocking_yield_names_no_key(client: Client) -> None:
    found = one_row(
        client,
        """
        select
            count(*) as named,
            countif(strpos(to_json_string(yields), key_sizes.key) > 0) as leaked,
        from concord_marts.blocking_rule_yield as yields
        cross join unnest(yields.largest_keys) as largest
        inner join concord_matching.int_person_blocking_key_sizes as key_sizes
            on
                yields.entity = 'person'
                and yields.rule = key_sizes.rule
                and farm_fingerprint(key_sizes.rule || '|' || key_sizes.key)
                = largest.key_fingerprint
        where yields.rule in ('email', 'phone')
        """,
    )
    assert found == {"named": 6, "leaked": 0}


def test_report_command_writes_the_page_and_its_pictures(project: Path) -> None:
    done = run(project, "concord", "report", "--out", "again.html", "--images", "pictures")
    assert done.returncode == 0, done.stdout + done.stderr
    again = (project / "again.html").read_text(encoding="utf-8")
    demo = (project / "build" / "report.html").read_text(encoding="utf-8")
    for heading in ("Which blocking rule earns its keep", "Precision and recall over"):
        assert _section(again, heading) == _section(demo, heading)
    # Nothing was built, so nothing has taken time.
    assert "How long it took" not in again
    names = {path.name for path in (project / "pictures").iterdir()}
    assert {"match-weights-person.svg", "waterfall-company-1.svg"} <= names
    assert f"Images    {len(names)} in pictures" in done.stdout


def _section(page: str, heading: str) -> str:
    start = page.index(f"<h2>{heading}")
    section = page[start : page.index("</section>", start)]
    # Pictures number their clip paths through.
    return re.sub(r"clip\d+|gradient_\d+", "", section)


@pytest.mark.slow
def test_resolve_writes_a_report_when_asked(project: Path, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    (tmp_path / "map.yml").write_text(MAPPING, encoding="utf-8")
    done = run(
        project,
        *("concord", "resolve", str(tmp_path / "people.csv"), "--format", "none"),
        *("--map", str(tmp_path / "map.yml"), "--out", str(tmp_path / "out")),
    )
    assert done.returncode == 0, done.stdout + done.stderr
    report = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "<h1>Concord: people.csv</h1>" in report
    assert "What the model learned" in report
    assert "Which blocking rule earns its keep" in report
    # Nobody knows the truth about these records; companies are not in the file.
    assert "Precision and recall over" not in report
    assert "<h3>Companies</h3>" not in report


def _explained(project: Path, left: object, right: object) -> dict[str, Any]:
    done = run(project, "concord", "explain", str(left), str(right), "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    assert sum(part["weight"] for part in found["waterfall"]) == pytest.approx(
        found["match_weight"]
    )
    return found


def _codes(found: dict[str, Any]) -> list[str]:
    return [reason["code"] for reason in found["reasons"]]


def test_what_was_compared_is_explained_as_it_was_weighed(project: Path, client: Client) -> None:
    joined = one_row(
        client,
        """
        select record_id_l as l, record_id_r as r, max(match_weight) as weight
        from concord_marts.match_explanations
        where entity = 'person' and entity_id is not null
        group by record_id_l, record_id_r
        order by weight desc, l, r
        limit 1
        """,
    )
    found = _explained(project, joined["l"], joined["r"])
    assert (found["is_joined"], found["is_scored"], _codes(found)) == (True, True, ["evidence"])
    assert found["match_weight"] == pytest.approx(joined["weight"])
    assert _explained(project, joined["r"], joined["l"])["left"] == found["right"]
    asked = one_row(
        client,
        """
        select entity_id_l as l, entity_id_r as r, match_weight as weight
        from concord_marts.match_review_queue
        where entity = 'person' and question = 'join'
        order by priority
        limit 1
        """,
    )
    near = _explained(project, asked["l"], asked["r"])
    assert not near["is_joined"]
    assert near["match_weight"] == pytest.approx(asked["weight"])
    assert set(_codes(near)) <= {"evidence_against", "too_little_evidence", "outvoted"}


def test_two_that_nobody_compared_are_explained_all_the_same(project: Path, client: Client) -> None:
    strangers = one_row(
        client,
        """
        select min(record_id) as l, max(record_id) as r
        from concord_matching.person_clusters
        """,
    )
    apart = _explained(project, strangers["l"], strangers["r"])
    assert (apart["is_joined"], apart["is_scored"]) == (False, False)
    assert _codes(apart)[0] in {"no_common_key", "key_left_out"}
    assert "evidence_against" in _codes(apart)


def test_copies_say_that_they_are_copies(project: Path, client: Client) -> None:
    copies = one_row(
        client,
        """
        select min(record_id) as l, max(record_id) as r, count(distinct cluster_key) as n_clusters
        from concord_matching.person_clusters
        group by distinct_record_id
        having count(*) > 1
        order by n_clusters, l
        limit 1
        """,
    )
    found = _explained(project, copies["l"], copies["r"])
    assert _codes(found) == (["copies"] if found["is_joined"] else ["bare_copies"])


def test_what_is_no_record_is_told_apart(project: Path, client: Client) -> None:
    one = one_row(
        client,
        """
        select
            (select min(record_id) from concord_marts.bridge_person_records) as person,
            (select min(record_id) from concord_marts.bridge_company_records) as company,
            (select as struct source, source_table, source_id, reason
            from concord_staging.stg_quarantine
            where source_id is not null and source_id != ''
            order by source, source_table, source_id
            limit 1) as aside,
        """,
    )
    aside = one["aside"]
    assert isinstance(aside, dict)
    row = f"{aside['source']}:{aside['source_table']}:{aside['source_id']}"
    for right, words in (
        (str(one["company"]), "they are never one"),
        (f"{one['person']}x", "did you mean"),
        ("nobody@nowhere.example", "nothing is known as"),
        (row, f"lies in the quarantine, and is no record: {aside['reason']}"),
    ):
        done = run(project, "concord", "explain", str(one["person"]), right)
        assert done.returncode == 2, done.stdout + done.stderr
        assert words in done.stderr


def test_an_address_shows_its_person(project: Path, client: Client) -> None:
    person = one_row(
        client,
        """
        select person_id, primary_email, n_records
        from concord_marts.dim_persons
        where primary_email in (
            select value from concord_marts.person_contact_points
            group by value
            having count(distinct person_id) = 1
        )
        order by n_records desc, person_id
        limit 1
        """,
    )
    done = run(project, "concord", "show", str(person["primary_email"]), "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(done.stdout)
    assert found["entity_id"] == person["person_id"]
    assert found["golden"]["primary_email"] == person["primary_email"]
    assert len(found["members"]) == person["n_records"]
    assert [event["event"] for event in found["history"]] == ["born"]
    shown = run(project, "concord", "show", str(person["person_id"]))
    assert f"Records ({person['n_records']})" in shown.stdout
    assert "bits with" in shown.stdout


@pytest.fixture(scope="module")
def tested_units(project: Path, warehouse: Warehouse) -> subprocess.CompletedProcess[str]:
    """Run dbt's unit tests; what they sent is in the target folder."""
    return run(
        project,
        *("dbt", "--log-level-file", "none", "test", "--select", "test_type:unit"),
        **warehouse.variables(),
        CONCORD_THREADS="2",
    )


def test_dbt_unit_tests(tested_units: subprocess.CompletedProcess[str]) -> None:
    assert tested_units.returncode == 0, tested_units.stdout[-8000:]
    assert "PASS=" in tested_units.stdout


@pytest.mark.slow
def test_what_no_night_asks_holds_too(project: Path, warehouse: Warehouse) -> None:
    """The demo is a night; the tests that it leaves out find nothing in its tables."""
    result = run(
        project,
        *("dbt", "--log-level-file", "none", "--quiet", "test"),
        *("--select", "tag:development"),
        **warehouse.variables(),
    )
    assert result.returncode == 0, result.stdout[-8000:]


def test_marts_that_lag_behind_the_clusters_are_noticed(
    project: Path, warehouse: Warehouse, client: Client
) -> None:
    """As after a build of the matching alone: one record has gone over to another cluster."""
    clusters = "concord_matching.person_clusters"
    client.query_and_wait(f"create table concord_matching.kept as select * from {clusters}")
    client.query_and_wait(
        f"""
        update {clusters} set cluster_id = record_id
        where record_id = (select max(record_id) from {clusters} where record_id != cluster_id)
        """
    )
    try:
        result = run(
            project,
            *("dbt", "--log-level-file", "none", "test", "--select"),
            *("marts_agree_with_the_clusters_dim_persons_person",),
            **warehouse.variables(),
        )
    finally:
        # Not "create or replace": the table keeps its layout.
        client.query_and_wait(f"truncate table {clusters}")
        client.query_and_wait(f"insert into {clusters} select * from concord_matching.kept")
        client.query_and_wait("drop table concord_matching.kept")
    assert result.returncode == 1
    # The record, the cluster that it left and the one that it makes.
    assert "Got 3 results" in result.stdout


@pytest.mark.slow
@pytest.mark.usefixtures("tested_units")
def test_unit_tests_agree_at_google(project: Path) -> None:
    """The statements that dbt has run give the same rows in Google's evaluator, exactly."""
    verdicts = list(unit_tests(project / "target", GoogleSql()))
    assert verdicts
    assert [str(verdict) for verdict in verdicts if verdict.outcome is not Outcome.EQUAL] == []


@pytest.fixture(scope="module")
def built_again(project: Path, warehouse: Warehouse) -> subprocess.CompletedProcess[str]:
    """Build with plain dbt what the demo has built."""
    return run(
        project,
        *("dbt", "--log-level-file", "none", "build", "--target", "local"),
        *("--select", "int_company_em+1", "int_company_linkage+1", "marts"),
        *("--exclude-resource-type", "unit_test"),
        **warehouse.variables(),
    )


@pytest.mark.slow
def test_plain_dbt_builds(built_again: subprocess.CompletedProcess[str]) -> None:
    assert built_again.returncode == 0, built_again.stdout[-8000:]


@pytest.mark.slow
def test_a_further_build_makes_no_view(project: Path, warehouse: Warehouse) -> None:
    """No view has anything of a run in its SQL, and dbt alone makes the views that a run makes."""
    result = run(
        project,
        *("dbt", "--log-level-file", "none", "run", "--select", "config.materialized:view"),
        **warehouse.variables(),
    )
    assert result.returncode == 0, result.stdout[-8000:]
    results = json.loads((project / "target" / "run_results.json").read_text(encoding="utf-8"))
    messages = {one["unique_id"]: one["message"] for one in results["results"]}
    views = {name: message for name, message in messages.items() if name.startswith("model.")}
    assert len(views) > 50
    assert {name for name, message in views.items() if message != "UNCHANGED"} == set()


def test_every_table_is_laid_out_as_its_model_says(project: Path, client: Client) -> None:
    """What each materialization sends has the clauses, and a copy has the layout of its table."""
    (*_, manifest) = sorted((project / ".concord" / "dbt").rglob("manifest.json"))
    n_clustered = 0
    for node in json.loads(manifest.read_text(encoding="utf-8"))["nodes"].values():
        config = node["config"]
        if node["resource_type"] not in ("model", "snapshot") or config["materialized"] == "view":
            continue
        partition = config.get("partition_by")
        wanted = partition and (partition["field"], partition["granularity"].upper())
        copy = f"concord_published.{node['name']}"
        copies = [copy] if (node["config"]["meta"] or {}).get("published") else []
        for name in [node["relation_name"].replace("`", ""), *copies]:
            table = client.get_table(name)
            found = table.time_partitioning
            assert (table.clustering_fields, found and (found.field, found.type_)) == (
                config.get("cluster_by"),
                wanted,
            ), name
            n_clustered += table.clustering_fields is not None
    assert n_clustered > 60


@pytest.mark.slow
@pytest.mark.usefixtures("built_again")
def test_second_run_adds_a_row_of_quality_and_no_model(client: Client) -> None:
    # The demo, and plain dbt on the same data.
    for entity in ("person", "company"):
        figures = one_row(
            client,
            f"""
            select
                count(*) as run_count,
                count(distinct model_version) as version_count,
                logical_and(expected_precision between 0.8 and 1) as is_precise,
                logical_and(expected_recall between 0.5 and 1) as is_complete,
                max(largest_weight_change) as largest_weight_change,
                max(population_stability_index) as population_stability_index,
                (
                    select count(distinct model_version)
                    from concord_marts.match_model_parameters
                    where entity = '{entity}'
                ) as stored_version_count,
            from concord_marts.match_quality
            where entity = '{entity}'
            """,
        )
        assert figures == {
            "run_count": 2,
            "version_count": 1,
            "is_precise": True,
            "is_complete": True,
            "largest_weight_change": 0.0,
            "population_stability_index": 0.0,
            "stored_version_count": 1,
        }


@pytest.mark.slow
def test_quality_below_its_floor_fails_the_build(project: Path, warehouse: Warehouse) -> None:
    floors = project / "seeds" / "quality" / "quality_floors.csv"
    before = floors.read_text(encoding="utf-8")
    floors.write_text("entity,metric,floor,min_pairs\nperson,expected_recall,0.999,1\n")
    try:
        result = run(
            project,
            *("dbt", "--log-level-file", "none", "build"),
            *("--select", "quality_floors", "assert_match_quality_is_above_its_floors"),
            **warehouse.variables(),
        )
    finally:
        floors.write_text(before, encoding="utf-8")
    assert result.returncode == 1
    assert "Got 1 result" in result.stdout


@pytest.mark.slow
def test_label_of_an_unknown_record_warns(project: Path, warehouse: Warehouse) -> None:
    labels = project / "seeds" / "quality" / "labelled_pairs.csv"
    header = labels.read_text(encoding="utf-8")
    labels.write_text(header + "person,nobody:1,nobody:2,true\n", encoding="utf-8")
    try:
        result = run(
            project,
            *("dbt", "--log-level-file", "none", "build"),
            *("--select", "labelled_pairs", "assert_labelled_pairs_name_known_records"),
            **warehouse.variables(),
        )
    finally:
        labels.write_text(header, encoding="utf-8")
    assert result.returncode == 0, result.stdout[-8000:]
    assert "Got 2 results, configured to warn if != 0" in result.stdout


PERSONAL_TEXT = (
    r"[^\s@\"]+@[^\s@\"]+\.[a-zA-Z]",
    # In international or in a usual national form; a bare number may be any id.
    r"\+[0-9]{8,15}\b|\([0-9]{3}\) ?[0-9]{3}-[0-9]{4}|\b[0-9]{3}[-.][0-9]{3}[-.][0-9]{4}\b",
)
# Words of company names: many a firm carries the name of its founder.
COMPANY_WORDS = {"first_word", "rarest_word", "second_rarest_word", "word"}


def test_no_model_exposes_unmarked_data_of_persons(project: Path, client: Client) -> None:
    client.query_and_wait(
        """
        create or replace table concord_demo.some_names as
        select lower(first_name) as name from raw_salesforce.contact where length(first_name) > 2
        union distinct
        select lower(last_name) as name from raw_salesforce.contact where length(last_name) > 2
        """
    )
    manifests = sorted((project / ".concord" / "dbt").rglob("manifest.json"))
    models = [
        node
        for node in json.loads(manifests[-1].read_text(encoding="utf-8"))["nodes"].values()
        # Word lists hold the words of a language, nobody's own.
        if node["resource_type"] == "model" and not node["path"].startswith("staging/word_lists/")
    ]
    assert len(models) > 80
    exposed, looked_at = [], 0
    for model in models:
        marked = set(personal_columns().kinds_below(model["path"]))
        marked |= {
            name
            for name, column in model["columns"].items()
            if column["config"].get("meta", {}).get("pii")
        }
        table = client.get_table(model["relation_name"].replace("`", ""))
        texts = [
            column
            for column in table.schema
            if column.field_type in {"STRING", "RECORD"} and column.name not in marked
        ]
        looked_at += len(texts)
        if texts:
            found = one_row(client, _search(model["relation_name"], texts))
            exposed += [
                f"{model['name']}.{name}: {count}" for name, count in found.items() if count
            ]
    assert looked_at > 200
    assert exposed == []
    # The search finds what there is to find.
    persons = client.get_table("concord_marts.dim_persons").schema
    found = one_row(client, _search("concord_marts.dim_persons", persons))
    assert found["emails__email"]
    assert found["primary_phone__phone"]
    assert found["family_name__name"]


def _search(relation: str, columns: list[SchemaField]) -> str:
    figures = []
    for column in columns:
        name = column.name
        text = f"to_json_string({name})"
        figures += [
            f"countif(regexp_contains({text}, r'''{pattern}''')) as {name}__{kind}"
            for kind, pattern in zip(("email", "phone"), PERSONAL_TEXT, strict=True)
        ]
        if (
            column.field_type == "STRING"
            and column.mode != "REPEATED"
            and name not in COMPANY_WORDS
        ):
            names = "(select names.name from concord_demo.some_names as names)"
            different = f"count(distinct if(lower({name}) in {names}, lower({name}), null))"
            # Many different names, not one word that happens to be one.
            figures.append(f"if({different} >= 10, 1, 0) as {name}__name")
    return f"select {', '.join(figures)} from {relation}"


def test_lost_tables_come_back_from_a_backup(project: Path, client: Client) -> None:
    made = run(project, "concord", "backup")
    assert made.returncode == 0, made.stdout + made.stderr
    assert "concord_marts.match_quality" in made.stdout
    backup_id = run(project, "concord", "backup", "--list").stdout.split()[0]
    history = "select to_json_string(t) as row from concord_marts.match_quality as t order by 1"
    before = [row["row"] for row in client.query_and_wait(history)]
    client.delete_table("concord_marts.match_quality")
    done = run(project, "concord", "restore", backup_id, "--table", "match_quality", "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    assert [row["row"] for row in client.query_and_wait(history)] == before


@pytest.mark.slow
def test_plan_counts_the_pairs_that_the_join_makes(project: Path, client: Client) -> None:
    done = run(project, "concord", "plan", "--json", "--max-pairs", "100")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "the limit is 100" in done.stderr
    plan = json.loads(done.stdout)
    assert plan["totals"]["bytes"] is None
    for entity in ("person", "company"):
        joined = client.query_and_wait(
            f"""
            select rules.rule, count(*) as pairs
            from concord_matching.int_{entity}_blocks as l
            inner join concord_matching.int_{entity}_blocks as r
                on l.block_key = r.block_key and l.record_key < r.record_key
            inner join concord_seeds.{entity}_blocking_rules as rules on l.rule_bit = rules.rule_bit
            where coalesce(l.exclusive_source != r.exclusive_source, true)
            group by rules.rule
            """
        )
        planned = {r["rule"]: r["pairs"] for r in plan["rules"] if r["entity"] == entity}
        assert {rule: pairs for rule, pairs in planned.items() if pairs} == {
            row["rule"]: row["pairs"] for row in joined
        }


@pytest.mark.slow
def test_dbt_docs(project: Path, warehouse: Warehouse) -> None:
    result = run(
        project, "dbt", "--log-level-file", "none", "docs", "generate", **warehouse.variables()
    )
    assert result.returncode == 0, result.stdout[-8000:]
    catalog = json.loads((project / "target" / "catalog.json").read_text(encoding="utf-8"))
    assert "model.concord.dim_persons" in catalog["nodes"]


def test_what_is_published_is_served(
    project: Path, warehouse: Warehouse, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the tables to an answer over HTTP, and from a decision over HTTP to its table."""
    made = run(project, "concord", "snapshot", "--json")
    assert made.returncode == 0, made.stdout + made.stderr
    monkeypatch.setenv("CONCORD_PROJECT_DIR", str(project))
    for name, value in warehouse.variables().items():
        monkeypatch.setenv(name, value)
    service = open_service(load_settings())
    key = cast("LocalKey", service.tokens).key
    with TestClient(create_app(service), headers={"Authorization": f"Bearer {key}"}) as api:
        assert service.snapshot.file.name == json.loads(made.stdout)["name"]
        # The demo's own run is in the log by now, though not in its marts.
        runs = "select run_id from concord_ops.pipeline_runs where published_tables > 0"
        assert service.snapshot.run_id in {row["run_id"] for row in client.query_and_wait(runs)}
        for row in service.snapshot.table("person_contact_points"):
            # Contacts are looked for in the very form in which the matching has them.
            written = {row["kind"]: row["value_as_written"]}
            assert understood(written, "US") == {row["kind"]: row["value"]}
        asked = list(
            client.query_and_wait(
                "select record_id, person_id from concord_published.bridge_person_records"
                " order by farm_fingerprint(record_id) limit 50"
            )
        )
        queries = [{"record_id": row["record_id"]} for row in asked]
        answers = api.post("/v1/lookup", json={"queries": queries}).json()["answers"]
        assert [answer["found"][0]["entity_id"] for answer in answers] == [
            row["person_id"] for row in asked
        ]
        question = api.get("/v1/review").json()["rows"][0]
        decision = api.post(
            "/v1/decisions",
            headers={"Idempotency-Key": "the first question"},
            json={
                "entity": "person",
                "left_id": question["record_id_l"],
                "right_id": question["record_id_r"],
                "verdict": "different",
            },
        )
        assert decision.status_code == 202, decision.text
    # The service has sent it before it ended.
    rows = client.query_and_wait("select decision_id, verdict from concord_ops.decisions")
    assert (decision.json()["decision_id"], "different") in [tuple(row.values()) for row in rows]
