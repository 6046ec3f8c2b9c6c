"""Compares what others read, and what concord keeps, with what the plain model believes."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tests.entities.joint_nights import happening_of
from tests.entities.plain_model import replay
from tests.entities.tables import read_rows

if TYPE_CHECKING:
    from datetime import datetime

    from orchestrator.bigquery.connect import Connection
    from tests.entities.check import Believed
    from tests.entities.world import World

GOLDEN: Final = {"person": "dim_persons", "company": "dim_companies"}


@dataclass(frozen=True)
class Published:
    """The tables after an accepted night."""

    connection: Connection
    world: World
    believed: dict[str, Believed]

    def check(self) -> None:
        """Compare the ledger, the golden records, the aliases and the changes of ids."""
        for entity, one in self.believed.items():
            assert replay(happening_of(row) for row in self.ledger(entity)) == one.last
            self._check_entities(entity)
            self._check_changes(entity)
        self._check_aliases()
        self._check_people()

    def _check_entities(self, entity: str) -> None:
        """There is one row per living id, with as many records as it has, and these."""
        ids = {record: place.entity_id for record, place in self.believed[entity].last.items()}
        rows = self._read(f"select * from concord_published.{GOLDEN[entity]}")
        assert {row[f"{entity}_id"]: row["n_records"] for row in rows} == Counter(ids.values())
        assert len(rows) == len(set(ids.values()))
        rows = self._read(f"select * from concord_published.bridge_{entity}_records")
        assert {row["record_id"]: row[f"{entity}_id"] for row in rows} == ids

    def _check_changes(self, entity: str) -> None:
        """The last row of the changes of ids counts the last night."""
        [row] = self._read(
            f"select * from concord_published.entity_id_changes where entity = '{entity}' "
            "order by happened_at desc limit 1"
        )
        last = self.believed[entity].changes[-1]
        assert {name: row[name] for name in last.__slots__} == {
            name: getattr(last, name) for name in last.__slots__
        }

    def _check_aliases(self) -> None:
        """Every retired id leads to one that lives, or to nothing."""
        expected: dict[str, str | None] = {}
        for one in self.believed.values():
            expected |= one.aliases.all()
        rows = self._read("select * from concord_published.entity_aliases")
        assert {row["retired_id"]: row["entity_id"] for row in rows} == expected
        living = set().union(*(one.living for one in self.believed.values()))
        assert set(expected.values()) <= living | {None}

    def _check_people(self) -> None:
        """A golden person has the name of one of its records, and the addresses of all."""
        held, names = set(), defaultdict(set)
        for record, place in self.believed["person"].last.items():
            held |= {(place.entity_id, email) for email in self.world.emails_of(record)}
            names[place.entity_id].add(self.world.name_of(record))
        rows = self._read(
            "select * from concord_published.person_contact_points where kind = 'email'"
        )
        assert {(row["person_id"], row["value"]) for row in rows} == held
        primary = {row["person_id"]: row["value"] for row in rows if row["is_primary"]}
        for row in self._read("select * from concord_published.dim_persons"):
            assert row["display_name"] in names[row["person_id"]]
            assert row["primary_email"] == primary[row["person_id"]]

    def ledger(self, entity: str) -> list[dict[str, Any]]:
        """Return the ledger of an entity, the oldest row first."""
        return self._read(
            f"select * from concord_ops.entity_ledger where entity = '{entity}' "
            "order by happened_at, run_id"
        )

    def story(self, entity_id: str) -> list[dict[str, Any]]:
        """Return what happened to an id and to those that it stands for, as people read it."""
        return self._read(
            f"""
            with ids as (
                select '{entity_id}' as id
                union all
                select retired_id as id
                from concord_published.entity_aliases
                where entity_id = '{entity_id}'
            )
            select
                format_timestamp('%F %H:%M:%S', happened_at) as happened_at,
                event,
                cause,
                entity_id_before,
                entity_id,
                array_to_string(record_ids, ', ') as records
            from concord_published.entity_events
            where entity_id in (select id from ids) or entity_id_before in (select id from ids)
            order by happened_at, event, records
            """
        )

    def check_day(self, at: datetime, ids: dict[str, dict[str, str]]) -> None:
        """Compare what the snapshots say of an instant with record -> id of each entity then."""
        for entity, expected in ids.items():
            found = self._as_of(f"{entity}_record_history", "record_id", entity, at)
            assert found == expected
            golden = self._as_of(f"{entity}_history", f"{entity}_id", entity, at)
            assert set(golden) == set(expected.values())

    def _as_of(self, snapshot: str, key: str, entity: str, at: datetime) -> dict[str, str]:
        instant = f"timestamp('{at.isoformat()}')"
        rows = self._read(
            f"""
            select {key} as key, {entity}_id as entity_id
            from concord_snapshots.{snapshot}
            where
                dbt_valid_from <= {instant}
                and (dbt_valid_to is null or dbt_valid_to > {instant})
            """
        )
        assert len({row["key"] for row in rows}) == len(rows)
        return {row["key"]: row["entity_id"] for row in rows}

    def _read(self, sql: str) -> list[dict[str, Any]]:
        return read_rows(self.connection, sql)
