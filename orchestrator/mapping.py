"""The mapping of `concord resolve`: which column of a file is which canonical column."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from orchestrator.errors import MappingError

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator
    from pathlib import Path

    from orchestrator.loading.source_schemas import RawTable

TABLE_OF_ENTITY: Final = {"person": "files.people", "company": "files.companies"}
READ_THE_DOCS: Final = "correct the mapping; docs/resolve.md lists every key"


def _as_columns(value: object) -> object:
    """Turn one column name into a list of one; refuse everything that is not text."""
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        return tuple(value)
    if isinstance(value, dict) and value:
        return {str(kind): _as_columns(columns) for kind, columns in value.items()}
    raise ValueError("expected a column name, or a list of column names")


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
    duplicate_free_sources: Annotated[
        tuple[Text, ...], BeforeValidator(lambda value: tuple(value) if value else ())
    ] = ()

    @property
    def table_name(self) -> str:
        """Return the raw table that the file goes to."""
        return TABLE_OF_ENTITY[self.entity]

    def file_columns(self) -> tuple[str, ...]:
        """Return every column of the file that the mapping reads, each once."""
        names = [self.record_id, *([self.source_system] if self.source_system else [])]
        for source in self.columns.values():
            parts = source.values() if isinstance(source, dict) else [source]
            names.extend(name for part in parts for name in part)
        return tuple(dict.fromkeys(names))

    def check_columns(self, table: RawTable) -> None:
        """Refuse canonical columns that do not exist, and sources of the wrong shape."""
        known = {column.name: column for column in table.mappable}
        for name, source in self.columns.items():
            if name not in known:
                raise MappingError(
                    f"unknown canonical column '{name}'{_did_you_mean(name, known)}",
                    f"a {self.entity} has: {', '.join(known)}",
                )
            if isinstance(source, dict) != bool(known[name].struct_fields):
                raise MappingError(
                    f"columns.{name} has the wrong shape",
                    "write identifiers as {type: column}, all others as a column or a list",
                )

    def check_file(self, file_name: str, available: tuple[str, ...]) -> None:
        """Refuse columns that the file does not have, or has twice."""
        for name in self.file_columns():
            if name not in available:
                raise MappingError(
                    f"{file_name} has no column '{name}'{_did_you_mean(name, available)}",
                    f"the file has: {', '.join(available)}",
                )
            if available.count(name) > 1:
                raise MappingError(
                    f"{file_name} has {available.count(name)} columns called '{name}'",
                    "rename them in the file, so that the mapping can tell them apart",
                )


def read_mapping(path: Path) -> Mapping:
    """Read and check a mapping file."""
    try:
        document = yaml.load(path.read_text(encoding="utf-8"), Loader=_UniqueKeyLoader)  # noqa: S506
    except (OSError, UnicodeDecodeError) as error:
        raise MappingError(f"cannot read {path}: {error}", "check the path of --map") from error
    except yaml.YAMLError as error:
        text = " ".join(str(error).split())
        raise MappingError(f"{path.name} is not valid YAML: {text}", READ_THE_DOCS) from error
    if not isinstance(document, dict):
        raise MappingError(f"{path.name} holds no mapping", READ_THE_DOCS)
    try:
        return Mapping.model_validate(document)
    except ValidationError as error:
        problems = "; ".join(_problems(error))
        raise MappingError(f"{path.name}: {problems}", READ_THE_DOCS) from error


class _UniqueKeyLoader(yaml.SafeLoader):
    """YAML in which a key may stand only once; PyYAML would keep the last one silently."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002
        """Build a mapping unless a key repeats."""
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.constructor.ConstructorError(
                    None, None, f"key '{key}' appears twice", node.start_mark
                )
        return super().construct_mapping(node, deep)


def _problems(error: ValidationError) -> Iterator[str]:
    for problem in error.errors():
        place = ".".join(str(part) for part in problem["loc"][:2])
        if problem["type"] == "extra_forbidden":
            hint = _did_you_mean(place, Mapping.model_fields)
            yield f"unknown key '{place}'{hint}; known are {', '.join(Mapping.model_fields)}"
        elif problem["type"] == "missing":
            yield f"key '{place}' is missing"
        else:
            yield f"'{place}': {problem['msg'].removeprefix('Value error, ')}"


def _did_you_mean(name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, list(known), n=1)
    return f" (did you mean '{close[0]}'?)" if close else ""
