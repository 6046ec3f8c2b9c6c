"""The variables that only dbt reads, and those that nobody does: a misspelt name has no effect."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pydantic import BaseModel

from orchestrator.errors import meant

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PREFIX: Final = "CONCORD_"
_told: set[str] = set()


@dataclass(frozen=True, slots=True)
class DbtVariable:
    """A variable that profiles.yml, dbt_project.yml or a macro reads, and Concord does not."""

    name: str
    default: str
    meaning: str


DBT_VARIABLES: Final = (
    DbtVariable("CONCORD_WAREHOUSE_CHECK", "on", "off: build in any local warehouse."),
    DbtVariable("CONCORD_RUN_ID", "none", "The run, as a label of jobs. Set by `concord`."),
    DbtVariable("CONCORD_PRIORITY", "interactive", "Or batch."),
    DbtVariable("CONCORD_POLICY_TAGS", "", "Of personal columns: <kind>=projects/..., by commas."),
    DbtVariable(
        "CONCORD_JOB_TIMEOUT_SECONDS",
        "prod 3600, local 1800, others 900",
        "Longest a query may take.",
    ),
    DbtVariable(
        "CONCORD_MAXIMUM_BYTES_BILLED",
        "prod 1 TB, ci and dev 100 GB",
        "A query that would bill more fails.",
    ),
)


def variables_of(model: type[BaseModel], group: str = "") -> Iterator[str]:
    """Return the variables of all settings."""
    for name, field in model.model_fields.items():
        kind: Any = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from variables_of(kind, f"{name}_")
        else:
            yield f"{PREFIX}{group}{name}".upper()


def warn_of_unknown(model: type[BaseModel], given: Iterable[str]) -> None:
    """Warn once of every variable that looks like a setting and is none."""
    known = {*variables_of(model), *(variable.name for variable in DBT_VARIABLES)}
    names = {name for name in given if name.startswith(PREFIX)}
    # Compared without the prefix, which makes all of them alike.
    endings = [name.removeprefix(PREFIX) for name in known]
    for name in sorted(names - known - _told):
        _told.add(name)
        close = meant(name.removeprefix(PREFIX), endings)
        hint = f"; did you mean {PREFIX}{close[0]}?" if close else ""
        logging.getLogger("concord").warning("%s is not a setting and has no effect%s", name, hint)
