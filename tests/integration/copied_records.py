"""Files in which one person or company stands many times among others, and what becomes of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import duckdb

from orchestrator.cli import execute
from tests.integration.conftest import ONLY_MATCHING

if TYPE_CHECKING:
    from pathlib import Path

PEOPLE: Final = "id,list,given,family,mail,phone,born\n"
PEOPLE_MAPPING: Final = """
entity: person
record_id: id
source_system: list
columns: {given_name: given, family_name: family, emails: mail, phones: phone, date_of_birth: born}
"""
WITH_REGISTER: Final = f"{PEOPLE_MAPPING}duplicate_free_sources: [register]\n"
COMPANIES: Final = "id,name,site,phone,road,town\n"
COMPANIES_MAPPING: Final = """
entity: company
record_id: id
columns: {company_name: name, domains: site, phones: phone, street: road, city: town}
"""
SYLLABLES: Final = ("ba", "ke", "li", "mo", "nu", "ra", "se", "ti", "vo", "zu")


@dataclass(frozen=True, slots=True)
class Resolved:
    """Clusters by record id, and the rounds that the clustering took."""

    clusters: dict[str, str]
    rounds: int

    def of(self, group: str) -> set[str]:
        """Return the clusters of the records of a group."""
        return {
            cluster for record, cluster in self.clusters.items() if record.startswith(f"{group}-")
        }


def copies(group: str, number: int, row: str) -> str:
    """Return `row` so many times, each under an id of its own."""
    return "".join(f"{group}-{position},{row}\n" for position in range(number))


def invented(number: int) -> str:
    """Return a word that no other number gives."""
    digits = [int(digit) for digit in f"{number:04d}"]
    return "".join(SYLLABLES[digit] for digit in digits).capitalize()


def other_people(number: int) -> str:
    """Return people who have nothing in common but what people have."""
    return "".join(
        f"other-{position},crm,{invented(7 * position + 3)},{invented(11 * position + 5)}n,"
        f"{invented(position).lower()}@{invented(position + 1).lower()}.com,"
        f"+4420794{position:05d},"
        f"{1940 + position % 60}-{1 + position % 12:02d}-{2 + position % 26:02d}\n"
        for position in range(number)
    )


def other_companies(number: int) -> str:
    """Return companies that have nothing in common but what companies have."""
    return "".join(
        f"other-{position},{invented(7 * position + 3)} {invented(11 * position + 5)},"
        f"{invented(position).lower()}.com,+4420794{position:05d},"
        f"{position} {invented(position)} Road,{('Leeds', 'York', 'Bath')[position % 3]}\n"
        for position in range(number)
    )


def resolve_rows(folder: Path, mapping: str, rows: str) -> Resolved:
    """Resolve a file of these rows."""
    entity = "person" if "entity: person" in mapping else "company"
    (folder / "rows.csv").write_text(rows, encoding="utf-8")
    (folder / "map.yml").write_text(mapping, encoding="utf-8")
    code = execute(
        [
            *("resolve", str(folder / "rows.csv"), "--map", str(folder / "map.yml")),
            *("--out", str(folder / "out"), "--keep-warehouse", str(folder / "kept")),
            *ONLY_MATCHING,
        ]
    )
    assert code == 0
    found = duckdb.sql(f"select record_id, cluster_id from '{folder}/out/clusters.parquet'")
    return Resolved(dict(found.fetchall()), _rounds(folder / "kept" / "warehouse", entity))


def _rounds(warehouse: Path, entity: str) -> int:
    with duckdb.connect(str(next(warehouse.glob("*.duckdb"))), read_only=True) as connection:
        training = _end_of(connection, f"int_{entity}_em")
        clustering = _end_of(connection, f"int_{entity}_linkage")
    assert (training[1], clustering[1]) == (True, True)
    return clustering[0]


def _end_of(connection: duckdb.DuckDBPyConnection, model: str) -> tuple[int, bool]:
    table = connection.execute(
        "select table_schema from information_schema.tables where table_name = ?", [model]
    ).fetchone()
    assert table is not None
    row = connection.execute(
        "select coalesce(max(round), 0), coalesce(bool_and(is_converged), true)"
        f' from "{table[0]}"."{model}"'
    ).fetchone()
    assert row is not None
    return int(row[0]), bool(row[1])
