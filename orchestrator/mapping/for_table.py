"""A mapping for files that go into a raw table of the nightly pipeline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestrator.errors import MappingError
from orchestrator.mapping.mapping import Mapping, read_mapping
from orchestrator.reading.file_kind import display_name

if TYPE_CHECKING:
    from pathlib import Path

    from orchestrator.settings.values import Settings


def checked_mapping(path: Path, table: str, settings: Settings) -> Mapping:
    """Return a mapping that fits the table, and the settings that hold for all tables."""
    mapping = read_mapping(path)
    name = display_name(path)
    if mapping.table_name != table:
        raise MappingError(
            f"{name} is for {mapping.table_name}, not for {table}",
            f"load into {mapping.table_name}, or give another mapping",
        )
    if mapping.is_numbered:
        raise MappingError(
            f"{name} numbers the lines: next month line 7 would be somebody else of the same name",
            "name the column of the record id; `concord resolve` can do without",
        )
    region = settings.default_phone_region
    if mapping.phone_region not in (None, region):
        raise MappingError(
            f"{name} says phone_region {mapping.phone_region}, and the pipeline reads all numbers "
            f"without a country code as those of {region}",
            "set CONCORD_DEFAULT_PHONE_REGION, or leave phone_region out of the mapping",
        )
    return mapping
