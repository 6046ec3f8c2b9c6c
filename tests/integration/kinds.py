"""The cases of tests/kinds among the records of the demo, resolved in one file per entity."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any, Final

import duckdb
import yaml

from orchestrator.cli import execute
from tests.integration.conftest import ONLY_MATCHING
from tests.integration.flat_sample import sample_rows

FOLDER: Final = Path(__file__).parents[1] / "kinds"
PEOPLE_MAPPING: Final = """
entity: person
record_id: id
source_system: list
columns:
  given_name: first
  middle_name: middle
  family_name: last
  name_suffix: suffix
  full_name: full
  emails: email
  phones: [phone, mobile]
  company_name: company
  street: street
  city: city
  region: state
  postcode: postcode
  country: country
  date_of_birth: born
"""
COMPANIES_MAPPING: Final = """
entity: company
record_id: id
source_system: list
columns:
  company_name: name
  identifiers: {register: register}
  emails: email
  domains: website
  phones: phone
  street: street
  city: city
  region: state
  postcode: postcode
  country: country
"""


@dataclass(frozen=True, slots=True)
class Case:
    """A small case: which of its records are one entity; None for those that may go anywhere.

    `still_wrong` says why a case is not solved yet.
    """

    name: str
    records: dict[str, dict[str, Any]]
    entities: dict[str, int | None]
    still_wrong: str | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """Clusters by record, and the weights of pairs that were compared."""

    clusters: dict[str, str]
    weights: dict[frozenset[str], float]

    def faults(self, case: Case) -> list[str]:
        """Return what is wrong with a case, a line each."""
        known = {record: entity for record, entity in case.entities.items() if entity is not None}
        faults = []
        for left, right in combinations(known, 2):
            is_joined = self.clusters[left] == self.clusters[right]
            if is_joined != (known[left] == known[right]):
                weight = self.weights.get(frozenset((left, right)))
                verb = "joined" if is_joined else "apart"
                faults.append(f"{left} and {right} are {verb}, weight {weight}")
        mine = {self.clusters[record] for record in case.records}
        strangers = [
            record
            for record, cluster in self.clusters.items()
            if cluster in mine and record not in case.records
        ]
        return faults + [f"{stranger} is joined" for stranger in strangers]


def read_cases(entity: str) -> list[Case]:
    """Read the cases of people or companies."""
    cases = []
    for entry in yaml.safe_load((FOLDER / f"{entity}.yml").read_text(encoding="utf-8")):
        name = f"{entry['kind']} ({entry['language']})"
        groups = [*enumerate(entry["entities"]), *((None, [row]) for row in entry.get("free", []))]
        records: dict[str, dict[str, Any]] = {}
        entities: dict[str, int | None] = {}
        for number, rows in groups:
            for row in rows:
                record_id = f"{name}: {len(records) + 1}"
                records[record_id] = row
                entities[record_id] = number
        cases.append(Case(name, records, entities, entry.get("still_wrong")))
    return cases


def resolve_cases(entity: str, folder: Path) -> Outcome:
    """Resolve all cases of an entity together, among the records of the sample."""
    mapping = PEOPLE_MAPPING if entity == "people" else COMPANIES_MAPPING
    (folder / "map.yml").write_text(mapping, encoding="utf-8")
    rows = [*sample_rows(entity)]
    rows += [
        {"id": record_id, "list": "cases", **row}
        for case in read_cases(entity)
        for record_id, row in case.records.items()
    ]
    columns = list(dict.fromkeys(column for row in rows for column in row))
    with (folder / "rows.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
    paths = [str(folder / name) for name in ("rows.csv", "map.yml", "out")]
    assert execute(["resolve", paths[0], "--map", paths[1], "--out", paths[2], *ONLY_MATCHING]) == 0
    clusters = duckdb.sql(f"select record_id, cluster_id from '{folder}/out/clusters.parquet'")
    pairs = duckdb.sql(
        f"select record_id_l, record_id_r, match_weight from '{folder}/out/pairs.parquet'"
    )
    return Outcome(
        dict(clusters.fetchall()),
        {frozenset(pair): round(weight, 1) for *pair, weight in pairs.fetchall()},
    )
