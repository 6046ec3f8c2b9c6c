"""The SQL that brings the columns of a file into those of a raw table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from orchestrator.resolve.mapping import Mapping
    from orchestrator.sources.source_schemas import Column, RawTable

# Longer cells are no name, address or number; comparing them would cost minutes.
MAX_CELL_CHARACTERS: Final = 10_000
WHITE_SPACE: Final = "chr(32) || chr(9) || chr(10) || chr(13) || chr(160)"
# A telephone number may contain spaces and commas, an address of e-mail or web may not.
SEPARATORS: Final = {"phones": r"[;|\r\n]+"}
ANY_SEPARATOR: Final = r"[;,|\s]+"


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


def mapped_select(cells: CellNames, mapping: Mapping, table: RawTable, stem: str) -> str:
    """Return the select over a batch called `part`."""
    texts = [cells.text(column) for column in mapping.file_columns()]
    too_long = " + ".join(
        f"coalesce(length({text}) > {MAX_CELL_CHARACTERS}, false)::int" for text in texts
    )
    source = _clean(cells.text(mapping.source_system)) if mapping.source_system else "null"
    columns = [
        "position",
        "line_number",
        "record_id",
        f"coalesce({source}, {quoted(stem)}) as source_system",
        f"{too_long or '0'} + unusable as dropped_cells",
        *(f'{_column_sql(cells, mapping, column)} as "{column.name}"' for column in table.mappable),
    ]
    return f"select {', '.join(columns)} from part"


def quoted(text: str) -> str:
    """Return text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def _column_sql(cells: CellNames, mapping: Mapping, column: Column) -> str:
    source = mapping.columns.get(column.name, ())
    if isinstance(source, dict):
        entries = [
            f"{{'type': {quoted(kind)}, 'value': {_clean(cells.text(name))}}}"
            for kind, names in source.items()
            for name in names
        ]
        return f"list_filter([{', '.join(entries)}], lambda e: e.value is not null)"
    if column.struct_fields:
        return "cast([] as struct(type varchar, value varchar)[])"
    if column.is_array:
        separators = SEPARATORS.get(column.name, ANY_SEPARATOR)
        lists = [f"coalesce({cells.items(name, separators)}, [])" for name in source]
        cleaned = f"list_transform(flatten([{', '.join(lists)}]), lambda e: {_clean('e')})"
        return (
            f"list_filter({cleaned}, lambda e: e is not null)" if lists else "cast([] as varchar[])"
        )
    if not source:
        return "cast(null as varchar)"
    text = f"nullif(concat_ws(' ', {', '.join(_clean(cells.text(name)) for name in source)}), '')"
    if column.data_type == "TIMESTAMP":
        return f"strftime(try_cast({text} as timestamp), '%Y-%m-%d %H:%M:%S.%f')"
    return text


def _clean(text: str) -> str:
    """Trim a cell; nothing but spaces, or far too much text, counts as empty."""
    trimmed = f"nullif(trim({text}, {WHITE_SPACE}), '')"
    return f"(case when length({text}) <= {MAX_CELL_CHARACTERS} then {trimmed} end)"
