"""The SQL that brings the columns of a file into those of a raw table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from orchestrator.mapping.mapping import Mapping
    from orchestrator.sources.source_schemas import Column, RawTable

# Longer cells are no name, address or number; comparing them would cost minutes.
MAX_CELL_CHARACTERS: Final = 10_000
WHITE_SPACE: Final = "chr(32) || chr(9) || chr(10) || chr(12) || chr(13) || chr(160)"
# A telephone number may contain spaces and commas, an address of e-mail or web may not.
SEPARATORS: Final = {"phones": r"[;|\r\n]+"}
ANY_SEPARATOR: Final = r"[;,|\s]+"
# A year of four digits stands first in one order only: that one needs no word of anybody.
DATE_ORDERS: Final = {"dmy": ("%d", "%m"), "mdy": ("%m", "%d")}


@dataclass(frozen=True, slots=True)
class CellLimits:
    """What becomes of cells that cannot be used: they count as empty, or somebody else judges."""

    max_characters: int = MAX_CELL_CHARACTERS
    # A time stays the text that it is.
    keeps_times: bool = False


class CellNames:
    """Where the columns of a file stand in a batch: `t0` their text, `l0` their list if any."""

    def __init__(self, columns: tuple[str, ...], *, has_lists: bool) -> None:
        self._numbers = {name: number for number, name in enumerate(columns)}
        self._has_lists = has_lists

    def text(self, column: str) -> str:
        """Return the name of the column's text."""
        return f"t{self._numbers[column]}"

    def items(self, column: str, separators: str) -> str:
        """Return the parts of the column's text, or its list."""
        parts = f"string_split_regex({self.text(column)}, {quoted(separators)})"
        return f"coalesce(l{self._numbers[column]}, {parts})" if self._has_lists else parts


@dataclass(frozen=True, slots=True)
class RowOrigin:
    """Which file rows come from, of several that are read into one table."""

    file_number: int
    # Rows of the files before.
    first_position: int
    source_name: str
    file_name: str
    file_hash: str

    @property
    def condition(self) -> str:
        """Return what holds for the rows of this file alone."""
        return f"file_number = {self.file_number}"


def mapped_select(
    cells: CellNames, mapping: Mapping, table: RawTable, origin: RowOrigin, limits: CellLimits
) -> str:
    """Return the select over a batch called `part`."""
    texts = [cells.text(column) for column in mapping.file_columns()]
    dropped = [f"coalesce(length({text}) > {limits.max_characters}, false)::int" for text in texts]
    if not limits.keeps_times:
        dropped += [
            f"(({text}) is not null and {_parsed_time(text)} is null)::int"
            for text in _time_texts(cells, mapping, table, limits)
        ]
    source = "null"
    if mapping.source_system:
        source = _clean(cells.text(mapping.source_system), limits)
    source = f"coalesce({source}, {quoted(origin.source_name)})"
    columns = [
        f"position + {origin.first_position} as position",
        f"{origin.file_number} as file_number",
        "line_number",
        "record_id",
        f"{source} as source_system",
        f"{_in_list(source, mapping.duplicate_free_sources)} as is_source_duplicate_free",
        f"{quoted(origin.file_name)} as _file_name",
        f"{quoted(origin.file_hash)} as _file_hash",
        f"{' + '.join(['unusable', *dropped])} as dropped_cells",
        *(
            f'{_column_sql(cells, mapping, column, limits)} as "{column.name}"'
            for column in table.mappable
        ),
    ]
    return f"select {', '.join(columns)} from part"


def quoted(text: str) -> str:
    """Return text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def quoted_name(name: str) -> str:
    """Return a name as SQL has it, whatever it holds."""
    return '"' + name.replace('"', '""') + '"'


def free_name(name: str, taken: Collection[str]) -> str:
    """Return a name that no other one has; DuckDB does not tell capital letters apart."""
    others = {other.casefold() for other in taken}
    while name.casefold() in others:
        name = f"concord_{name}"
    return name


def _time_texts(
    cells: CellNames, mapping: Mapping, table: RawTable, limits: CellLimits
) -> Iterator[str]:
    for column in table.mappable:
        source = mapping.columns.get(column.name, ())
        if column.data_type == "TIMESTAMP" and not isinstance(source, dict) and source:
            yield _joined(cells, source, limits)


def _joined(cells: CellNames, names: tuple[str, ...], limits: CellLimits) -> str:
    parts = ", ".join(_clean(cells.text(name), limits) for name in names)
    return f"nullif(concat_ws(' ', {parts}), '')"


def _parsed_time(text: str) -> str:
    """Read a time; one without a zone is UTC, as the scratch database has it."""
    return f"try_cast({text} as timestamptz)"


def _column_sql(cells: CellNames, mapping: Mapping, column: Column, limits: CellLimits) -> str:
    source = mapping.columns.get(column.name, ())
    if isinstance(source, dict):
        entries = [
            f"{{'type': {quoted(kind)}, 'value': {_clean(cells.text(name), limits)}}}"
            for kind, names in source.items()
            for name in names
        ]
        return f"list_filter([{', '.join(entries)}], lambda e: e.value is not null)"
    if column.struct_fields:
        return "cast([] as struct(type varchar, value varchar)[])"
    if column.is_array:
        separators = SEPARATORS.get(column.name, ANY_SEPARATOR)
        lists = [f"coalesce({cells.items(name, separators)}, [])" for name in source]
        cleaned = f"list_transform(flatten([{', '.join(lists)}]), lambda e: {_clean('e', limits)})"
        return (
            f"list_filter({cleaned}, lambda e: e is not null)" if lists else "cast([] as varchar[])"
        )
    if not source:
        return "cast(null as varchar)"
    text = _joined(cells, source, limits)
    if column.name == "date_of_birth" and mapping.date_order in DATE_ORDERS:
        return _ordered_date(text, DATE_ORDERS[mapping.date_order])
    if column.data_type == "TIMESTAMP" and not limits.keeps_times:
        return f"strftime({_parsed_time(text)}, '%Y-%m-%d %H:%M:%S.%f')"
    return text


def _ordered_date(text: str, parts: tuple[str, str]) -> str:
    """Write a date of numbers as year, month and day; what is none stays as it is.

    Nobody is born in the future: of two digits, the year that has been.
    """
    first, second = parts
    formats = ", ".join(
        quoted(f"{first}{sign}{second}{sign}{year}") for year in ("%Y", "%y") for sign in "./- "
    )
    day = f"try_strptime({text}, [{formats}])"
    past = f"if({day} > current_date, {day} - interval 100 year, {day})"
    return f"coalesce(strftime({past}, '%Y-%m-%d'), {text})"


def _in_list(text: str, names: tuple[str, ...]) -> str:
    return f"{text} in ({', '.join(quoted(name) for name in names)})" if names else "false"


def _clean(text: str, limits: CellLimits) -> str:
    """Trim a cell; nothing but spaces, or far too much text, counts as empty."""
    trimmed = f"nullif(trim({text}, {WHITE_SPACE}), '')"
    return f"(case when length({text}) <= {limits.max_characters} then {trimmed} end)"
