"""The columns of what dbt reads but does not compute: sources and seeds, and dbt's own columns."""

import csv
from pathlib import Path

from tools.googlesql_check.catalog import Catalog, CatalogColumn
from tools.googlesql_check.dbt_nodes import DbtNode


class UnknownColumnsError(Exception):
    """The types of a relation are declared nowhere; the text says what to add."""


def declared_columns(node: DbtNode, catalog: Catalog) -> list[CatalogColumn]:
    """The columns of a node as its yml file declares them."""
    missing = [name for name, text in node.declared.items() if not text]
    if missing or not node.declared:
        names = ", ".join(missing) or "every column"
        raise UnknownColumnsError(f"declare the data_type of {names}")
    return [_column(catalog, name, str(text)) for name, text in node.declared.items()]


def seed_columns(node: DbtNode, catalog: Catalog, project_dir: Path) -> list[CatalogColumn]:
    """The columns of a seed: `column_types` first, then dbt's own reading of the file."""
    types = {name.lower(): text for name, text in (node.config.get("column_types") or {}).items()}
    path = project_dir / node.source_file
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            names = next(csv.reader(file, delimiter=node.config.get("delimiter") or ","), [])
        if not all(name.lower() in types for name in names):
            types = _inferred_types(path, node, list(types)) | types
    except OSError as error:
        raise UnknownColumnsError(f"the seed cannot be read: {error.strerror}") from error
    return [_column(catalog, name, types[name.lower()]) for name in names]


def _inferred_types(path: Path, node: DbtNode, typed: list[str]) -> dict[str, str]:
    # dbt's packages take time to import, and most seeds do without: they declare every type.
    from dbt.adapters.bigquery import BigQueryAdapter
    from dbt_common.clients import agate_helper

    delimiter = node.config.get("delimiter") or ","
    table = agate_helper.from_csv(path, text_columns=typed, delimiter=delimiter)
    return {
        name.lower(): BigQueryAdapter.convert_agate_type(table, index) or "STRING"
        for index, name in enumerate(table.column_names)
    }


def snapshot_columns(
    node: DbtNode, catalog: Catalog, selected: list[CatalogColumn]
) -> list[CatalogColumn]:
    """What a snapshot's table has beyond the columns that its query selects."""
    updated_at = str(node.config.get("updated_at") or "").lower()
    clock = next((column.type for column in selected if column.name.lower() == updated_at), None)
    if clock is None:
        clock = catalog.types.read("TIMESTAMP")
    text = catalog.types.read("STRING")
    types = {
        "dbt_scd_id": text,
        "dbt_updated_at": clock,
        "dbt_valid_from": clock,
        "dbt_valid_to": clock,
    }
    if node.config.get("hard_deletes") == "new_record":
        types["dbt_is_deleted"] = text
    names = node.config.get("snapshot_meta_column_names") or {}
    return [CatalogColumn(names.get(name) or name, type_) for name, type_ in types.items()]


def _column(catalog: Catalog, name: str, type_text: str) -> CatalogColumn:
    try:
        return CatalogColumn(name, catalog.types.read(type_text))
    except ValueError as error:
        raise UnknownColumnsError(f"column {name}: {error}") from error
