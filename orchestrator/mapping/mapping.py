"""The mapping of `concord resolve`: which column of a file is which canonical column."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from orchestrator.errors import MappingError
from orchestrator.mapping.mapping_text import READ_THE_DOCS, read_mapping_text, read_plain_yaml
from orchestrator.reading.column_names import column_hint, match_columns
from orchestrator.reading.file_kind import display_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from orchestrator.sources.source_schemas import RawTable

TABLE_OF_ENTITY: Final = {"person": "files.people", "company": "files.companies"}
# As the record id: the file has none, its lines are numbered.
ROW_NUMBER: Final = "auto"
# What a value should be, in the words of a mapping: kind of pydantic's error -> text.
EXPECTED: Final = {
    "string_type": "expected a column name",
    "string_too_short": "expected a column name, found none",
    "dict_type": "expected lines of `canonical column: column of the file`",
    "too_short": "expected at least one column",
    "string_pattern_mismatch": "expected two capital letters, such as DE or US",
}


def _as_columns(value: object) -> object:
    """Turn one column name into a list of one; refuse everything that is not text."""
    if isinstance(value, str) and value:
        return (value,)
    if isinstance(value, list) and value and all(isinstance(item, str) and item for item in value):
        return tuple(value)
    if isinstance(value, dict) and value:
        if any(isinstance(columns, dict) for columns in value.values()):
            raise ValueError("expected column names, found lines within lines")
        return {str(kind): _as_columns(columns) for kind, columns in value.items()}
    raise ValueError("expected a column name, or a list of column names")


def _as_names(value: object) -> object:
    """Turn one name into a list of one; nothing is no name."""
    if value is None or isinstance(value, str):
        return (value,) if value else ()
    if isinstance(value, (list, tuple)) and all(isinstance(item, str) and item for item in value):
        return tuple(value)
    raise ValueError("expected a name, or a list of names")


ColumnNames = tuple[str, ...]
Source = Annotated[ColumnNames | dict[str, ColumnNames], BeforeValidator(_as_columns)]
Text = Annotated[str, Field(min_length=1)]


class Mapping(BaseModel):
    """A mapping file, checked as far as that goes without the data file."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    entity: Literal["person", "company"]
    record_id: Text
    source_system: Text | None = None
    columns: dict[str, Source] = Field(min_length=1)
    duplicate_free_sources: Annotated[tuple[Text, ...], BeforeValidator(_as_names)] = ()
    # ISO 3166 region of telephone numbers without a country code; None: as the settings say.
    phone_region: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None
    # Of dates of birth written with numbers only; None: as they look.
    date_order: Literal["ymd", "dmy", "mdy"] | None = None

    @property
    def fingerprint(self) -> str:
        """Return a short name that a mapping of other columns has not."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:12]

    @property
    def is_numbered(self) -> bool:
        """Say whether the file has no ids: its rows are numbered."""
        return self.record_id == ROW_NUMBER

    @property
    def table_name(self) -> str:
        """Return the raw table that the file goes to."""
        return TABLE_OF_ENTITY[self.entity]

    def file_columns(self) -> tuple[str, ...]:
        """Return every column of the file that the mapping reads, each once."""
        return tuple(self._places())

    def check_columns(self, table: RawTable) -> None:
        """Refuse canonical columns that do not exist, and sources of the wrong shape."""
        problems = list(self._column_problems(table))
        if problems:
            known = ", ".join(column.name for column in table.mappable)
            raise MappingError("; ".join(problems), f"a {self.entity} has: {known}")

    def check_file(self, file_name: str, available: tuple[str, ...]) -> dict[str, str]:
        """Return the file's name of each column; refuse columns that it has not, or has twice."""
        match = match_columns(self._places(), available)
        problems: list[str] = []
        for name, place in self._places().items():
            if name in match.doubtful:
                called = "', '".join(dict.fromkeys(match.doubtful[name]))
                count = len(match.doubtful[name])
                problems.append(f"{place}: {file_name} has {count} columns called '{called}'")
            elif name not in match.found:
                hint = column_hint(name, available)
                problems.append(f"{place}: {file_name} has no column '{name}'{hint}")
        if problems:
            shown = ", ".join(name or "(no name)" for name in available)
            raise MappingError(
                "; ".join(problems),
                f"name columns that the file has once; it has: {shown}",
            )
        return match.found

    def _places(self) -> dict[str, str]:
        """Return where in the mapping each column of the file is named, in order."""
        places = {} if self.is_numbered else {self.record_id: "record_id"}
        if self.source_system:
            places.setdefault(self.source_system, "source_system")
        for canonical, source in self.columns.items():
            parts = source if isinstance(source, dict) else {"": source}
            for kind, names in parts.items():
                for name in names:
                    place = f"columns.{canonical}{'.' if kind else ''}{kind}"
                    places.setdefault(name, place)
        return places

    def _column_problems(self, table: RawTable) -> Iterator[str]:
        known = {column.name: column for column in table.mappable}
        for name, source in self.columns.items():
            if name not in known:
                hint = column_hint(name, known)
                yield f"columns.{name}: unknown canonical column '{name}'{hint}"
            elif isinstance(source, dict) != bool(known[name].struct_fields):
                shape = "{type: column}" if known[name].struct_fields else "a column or a list"
                yield f"columns.{name} has the wrong shape, expected {shape}"


def read_mapping(path: Path) -> Mapping:
    """Read and check a mapping file."""
    return parse_mapping(read_mapping_text(path), display_name(path))


def parse_mapping(text: str, name: str) -> Mapping:
    """Check the text of a mapping; `name` is for messages."""
    try:
        return Mapping.model_validate(read_plain_yaml(text, name))
    except ValidationError as error:
        problems = "; ".join(dict.fromkeys(_problems(error)))
        raise MappingError(f"{name}: {problems}", READ_THE_DOCS) from error


def _problems(error: ValidationError) -> Iterator[str]:
    for problem in error.errors():
        place = ".".join(str(part) for part in problem["loc"][:2])
        kind = problem["type"]
        if kind == "extra_forbidden":
            hint = column_hint(place, Mapping.model_fields)
            yield f"unknown key '{place}'{hint}, known are {', '.join(Mapping.model_fields)}"
        elif kind == "missing":
            advice = (
                " (write `record_id: auto` to number the lines)" if place == "record_id" else ""
            )
            yield f"key '{place}' is missing{advice}"
        elif kind == "value_error":
            yield f"'{place}': {problem['msg'].removeprefix('Value error, ')}"
        elif kind == "literal_error":
            yield f"'{place}': expected {problem['ctx']['expected'].replace(chr(39), '')}"
        else:
            yield f"'{place}': {EXPECTED.get(kind, 'is not what is expected here')}"
