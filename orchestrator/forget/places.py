"""Where a person's data lie, and the statement that removes them from each place.

Raw rows are deleted. What others took part in stays, without the person's addresses and without
names and free text; of a company's row, only the person's addresses go.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from orchestrator.forget.pattern import LENGTH_OF_SALESFORCE_ID
from orchestrator.load.load_ledger import REJECTED_SUFFIX, UNUSABLE_SUFFIX
from orchestrator.sources.own_tables import FREQUENCIES
from orchestrator.sources.source_schemas import read_raw_tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from google.cloud.bigquery import SchemaField

    from orchestrator.bigquery.connect import Connection
    from orchestrator.sources.source_schemas import Column, RawTable

# In a source's file, `meta: {rows_are: companies}`.
COMPANIES: Final = "companies"
EMPTIED: Final = frozenset({"name", "text"})
SPELLED: Final = frozenset({"email", "phone"})
# Folders of models, each with a dataset of its own.
BUILT: Final = ("staging", "standardized", "matching", "entities", "marts")
HAS_KEY: Final = "regexp_contains(to_json_string(t), @pattern)"
NOT_SEARCHED: Final = frozenset({"VIEW", "EXTERNAL", "MATERIALIZED_VIEW"})


@dataclass(frozen=True, slots=True)
class Erasure:
    """One statement: it deletes the rows that `where` names, or empties what `sets` says."""

    table_id: str
    where: str
    sets: str = ""

    @property
    def statement(self) -> str:
        """Return the statement that does it."""
        if self.sets:
            return f"update `{self.table_id}` as t set {self.sets} where {self.where}"
        return f"delete from `{self.table_id}` as t where {self.where}"

    @property
    def counting(self) -> str:
        """Return the query that counts the rows."""
        return f"select count(*) as n from `{self.table_id}` as t where {self.where}"


def raw_erasures(connection: Connection, kinds: Mapping[str, str]) -> Iterator[Erasure]:
    """Yield what goes from the raw tables and from the tables beside them.

    `kinds` says of a column's name which kind of personal data it holds.
    """
    settings = connection.settings
    for table in read_raw_tables(settings.project_dir).values():
        dataset = settings.raw_dataset(table.source)
        present = connection.table_names(dataset)
        if table.name in present:
            yield from _of_raw_table(connection.table_id(dataset, table.name), table, kinds)
        for name in (table.name + REJECTED_SUFFIX, table.name + UNUSABLE_SUFFIX):
            if name in present:
                yield Erasure(connection.table_id(dataset, name), HAS_KEY)


def _of_raw_table(table_id: str, table: RawTable, kinds: Mapping[str, str]) -> Iterator[Erasure]:
    changed = {column.name: _emptied(column, kinds) for column in table.columns}
    if table.rows_are == COMPANIES:
        kept = {n: sql for n, sql in changed.items() if sql and kinds.get(n) in SPELLED}
        if kept:
            yield Erasure(table_id, HAS_KEY, _assignments(kept))
        return
    key = f"concat('{table.source}:{table.name}:', {_key(table)})"
    yield Erasure(
        table_id,
        f"({key} in unnest(@keys) or {HAS_KEY}) and not coalesce({key} in unnest(@shared), false)",
    )
    if sets := _assignments({name: sql for name, sql in changed.items() if sql}):
        yield Erasure(table_id, f"{key} in unnest(@shared)", sets)


def _key(table: RawTable) -> str:
    """Return the id of a row as `key_of` writes it."""
    plain = f"trim(cast({table.key} as string))"
    if table.source == "salesforce":
        return f"substr({plain}, 1, {LENGTH_OF_SALESFORCE_ID})"
    if "source_system" in table.column_by_name:
        return f"concat(coalesce(nullif(trim(source_system), ''), 'files'), ':', {plain})"
    return plain


def key_of(source: str, table: str, source_id: str, source_system: str = "") -> str:
    """Return the name of a raw row: source, table and id, as `_key` computes it."""
    if source == "salesforce":
        source_id = source_id[:LENGTH_OF_SALESFORCE_ID]
    if source_system:
        source_id = f"{source_system}:{source_id}"
    return f"{source}:{table}:{source_id}"


def _emptied(column: Column, kinds: Mapping[str, str]) -> str:
    """Return what a column holds without the person; '' when nothing of it is personal."""
    kind, name = kinds.get(column.name, ""), column.name
    if kind in EMPTIED and column.data_type == "STRING":
        return "null"
    if kind not in SPELLED:
        return ""
    if column.is_array:
        return (
            f"array(select one from unnest({name}) as one where not regexp_contains(one, @pattern))"
        )
    return f"regexp_replace({name}, @pattern, '')" if column.data_type == "STRING" else ""


def _assignments(changed: Mapping[str, str]) -> str:
    return ", ".join(f"{name} = {sql}" for name, sql in changed.items())


def built_erasures(connection: Connection) -> Iterator[Erasure]:
    """Yield what goes from every table that Concord keeps, builds or publishes.

    Rows that name the person or one of the records go, whatever the table.
    """
    for table in kept_tables(connection):
        found = " or ".join(filter(None, (_condition(field) for field in table.schema)))
        if table.table_id == FREQUENCIES:
            found = "t.entity = 'person' and t.value in unnest(@values)"
        if found:
            yield Erasure(str(table.reference), found)


def kept_tables(connection: Connection) -> Iterator[Any]:
    """Yield the tables of all datasets of this warehouse but the raw ones and the backups."""
    prefix = f"{connection.settings.dataset}_"
    for entry in connection.client.list_datasets():
        name = entry.dataset_id
        if not name.startswith(prefix) or name == f"{prefix}backup":
            continue
        for listed in connection.client.list_tables(name):
            if listed.table_type not in NOT_SEARCHED:
                yield connection.client.get_table(listed.reference)


def raw_tables(connection: Connection) -> Iterator[Any]:
    """Yield the raw tables and those beside them."""
    settings = connection.settings
    for source in {table.source for table in read_raw_tables(settings.project_dir).values()}:
        dataset = settings.raw_dataset(source)
        for name in sorted(connection.table_names(dataset)):
            yield connection.client.get_table(connection.table_id(dataset, name))


def built_datasets(connection: Connection) -> frozenset[str]:
    """Return the datasets that every build fills anew."""
    return frozenset(f"{connection.settings.dataset}_{folder}" for folder in BUILT)


def _condition(field: SchemaField) -> str:
    """Return when a column names the person: by an id, a record, an address or a number."""
    name = str(field.name)
    if field.field_type != "STRING":
        return ""
    if field.mode != "REPEATED":
        return f"t.{name} in unnest(@names)"
    # A list of addresses may be a company's, which goes on; a row of the person is found by its id.
    if not name.endswith("_ids"):
        return ""
    return f"exists (select 1 from unnest(t.{name}) as one where one in unnest(@names))"
