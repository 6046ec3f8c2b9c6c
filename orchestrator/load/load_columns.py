"""Whether the columns of a file are those of a raw table, well enough to load it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from orchestrator.errors import InputError
from orchestrator.reading.column_names import ColumnMatch, column_hint, match_columns

if TYPE_CHECKING:
    from orchestrator.sources.source_schemas import RawTable

SHOWN_COLUMNS: Final = 60


def find_columns(
    file_name: str, table: RawTable, names: tuple[str, ...], *, allow_unknown: bool
) -> ColumnMatch:
    """Return where each column of the table stands in the file; refuse a file that has too few."""
    match = match_columns((column.name for column in table.columns), names)
    for wanted, several in match.doubtful.items():
        called = "', '".join(dict.fromkeys(several))
        raise InputError(
            f"{file_name} has more than one column called '{wanted}' ('{called}')",
            "give every column a name of its own",
        )
    if table.key not in match.found:
        hint = column_hint(table.key, match.unknown)
        raise InputError(
            f"{file_name} has no column '{table.key}'{hint}, which {table.full_name} needs; "
            f"it has: {_listed(names)}",
            f"rename its columns to those of the table: {_listed(_declared(table))}",
        )
    if not allow_unknown and _leaves_out_most(table, match):
        raise InputError(
            f"{file_name} has {len(match.unknown)} columns that {table.full_name} does not have, "
            f"and would be loaded with {_count(_useful(table, match))} of its own only; "
            f"not known are: {_with_hints(table, match)}",
            f"rename them to columns of the table ({_listed(_missing(table, match))}), or load "
            "the file without them with --ignore-columns",
        )
    return match


def _leaves_out_most(table: RawTable, match: ColumnMatch) -> bool:
    useful = len(_useful(table, match))
    return len(match.unknown) > useful and 2 * useful < len(table.mappable) - 1


def _useful(table: RawTable, match: ColumnMatch) -> list[str]:
    matters = {column.name for column in table.mappable} - {table.key}
    return [name for name in match.found if name in matters]


def _missing(table: RawTable, match: ColumnMatch) -> list[str]:
    return [column.name for column in table.mappable if column.name not in match.found]


def _with_hints(table: RawTable, match: ColumnMatch) -> str:
    missing = _missing(table, match)
    return _listed([f"{name}{column_hint(name, missing)}" for name in match.unknown])


def _declared(table: RawTable) -> list[str]:
    return [column.name for column in table.columns if not column.name.startswith("_")]


def _count(names: list[str]) -> str:
    return f"{len(names)} ({', '.join(names)})" if names else "none"


def _listed(names: list[str] | tuple[str, ...]) -> str:
    shown = [name or "(no name)" for name in names[:SHOWN_COLUMNS]]
    more = len(names) - len(shown)
    return ", ".join([*shown, *([f"and {more} more"] if more else [])])
