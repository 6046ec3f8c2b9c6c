"""Questions as they come in: JSON in a field of a form, from whoever has the address."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final, Literal, TypeVar

from fastapi.exceptions import RequestValidationError
from pydantic import (
    AfterValidator,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from orchestrator.api.documents import Document
from orchestrator.api.problems import Refusal

CONCORD_ID: Final = re.compile(r"(?:per|com)_[0-9a-z]{26}")
LONGEST: Final = 300
MOST_VALUES: Final = 5
MOST_CANDIDATES: Final = 50
MOST_TOLD: Final = 20
LARGEST: Final = 10**18
Read = TypeVar("Read")

# A cell of a spreadsheet may hold a page of text, which is no reason to refuse its neighbours.
Cell = Annotated[StrictStr, AfterValidator(lambda text: text[:LONGEST])]
Name = Annotated[StrictStr, Field(max_length=100)]


class LinkedCell(Document):
    """A cell that was matched before."""

    id: Cell
    name: Cell = ""


OneValue = (
    Cell
    | StrictBool
    | Annotated[StrictInt, Field(ge=-LARGEST, le=LARGEST)]
    | Annotated[StrictFloat, Field(ge=-LARGEST, le=LARGEST, allow_inf_nan=False)]
    | LinkedCell
)


class GivenProperty(Document):
    """What a row says beside the name."""

    pid: Name
    v: OneValue | Annotated[list[OneValue], Field(max_length=MOST_VALUES)]

    def values(self) -> list[str]:
        """Return the values as texts; of a cell that was matched here it is the id."""
        given = self.v if isinstance(self.v, list) else [self.v]
        return [text for one in given if (text := _as_text(one).strip())]


class ReconcileQuery(Document):
    """Who is meant by a row?"""

    query: Cell = ""
    type: Name | Annotated[list[Name], Field(max_length=20)] = ""
    limit: Annotated[int, Field(ge=1)] = 10
    properties: Annotated[tuple[GivenProperty, ...], Field(max_length=50)] = ()
    type_strict: Literal["any", "should", "all"] = "any"

    @model_validator(mode="after")
    def _asks_something(self) -> ReconcileQuery:
        if not {"query", "properties"} & self.model_fields_set:
            raise ValueError("a query needs `query` or `properties`")
        return self

    @property
    def types(self) -> list[str]:
        """Return the types that are asked for; none: any."""
        given = self.type if isinstance(self.type, list) else [self.type]
        return [name for name in given if name]


class AskedProperty(Document):
    """A column to fill."""

    id: Name
    # Kept for the protocol: no property has any.
    settings: dict[str, Any] | None = None


class ExtendQuery(Document):
    """Which values of which entities?"""

    ids: list[Name]
    properties: Annotated[list[AskedProperty], Field(max_length=100)]


BATCH: Final = TypeAdapter(dict[Name, ReconcileQuery])
EXTENSION: Final = TypeAdapter(ExtendQuery)


def read_json(adapter: TypeAdapter[Read], text: str, field: str) -> Read:
    """Return what a field of the form holds; say where it is wrong, never what stands there."""
    try:
        return adapter.validate_json(text)
    except ValidationError as error:
        raise RequestValidationError(
            [
                {"loc": ("body", field, *one["loc"]), "msg": one["msg"], "type": one["type"]}
                for one in error.errors(include_url=False, include_context=False)[:MOST_TOLD]
            ]
        ) from None


def refuse_more_than(n_asked: int, most: int) -> None:
    """Refuse more than is answered at once."""
    if n_asked > most:
        raise Refusal("too_large", f"{n_asked} at once, at most {most}")


def _as_text(value: Any) -> str:  # noqa: ANN401 - one of OneValue
    if isinstance(value, LinkedCell):
        # Other services have other ids.
        return value.id if CONCORD_ID.fullmatch(value.id) else value.name or value.id
    if isinstance(value, bool):
        return ""
    # A spreadsheet holds telephone numbers and ids as numbers.
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
