"""Creates datasets, tables and columns that are not there yet; asks for no right before it must.

BigQuery checks the permission before the existence: to create a table that exists is refused to
whoever may not create tables there, so `exists_ok=True` alone is no question whether it exists.
Here everything is looked for first. Who may only read finds what there is.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from orchestrator.errors import WarehouseRefused

PERMISSION: Final = re.compile(
    r"\b(?:bigquery|storage|secretmanager)\.(?!googleapis)[a-z]\w*\.[a-zA-Z]+\b"
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from google.cloud.bigquery import SchemaField, Table

    from orchestrator.bigquery.connect import Connection


def ensure_dataset(connection: Connection, dataset: str, **limits: Any) -> None:  # noqa: ANN401
    """Create a dataset in the location of the settings unless it exists."""
    from google.api_core.exceptions import Conflict, Forbidden, NotFound
    from google.cloud.bigquery import Dataset

    wanted = Dataset(f"{connection.settings.project}.{dataset}")
    is_hidden = False
    try:
        connection.client.get_dataset(wanted.reference, **limits)
        return
    except NotFound:
        pass
    except Forbidden:
        is_hidden = True  # It may be there, or not: BigQuery does not say.
    wanted.location = connection.settings.location
    try:
        with named_right("bigquery.datasets.create", f"project {connection.settings.project}"):
            connection.client.create_dataset(wanted, exists_ok=False, **limits)
    except Conflict:
        if is_hidden:
            raise refused("bigquery.datasets.get", f"dataset {dataset}") from None
    except WarehouseRefused as error:
        if not is_hidden:
            raise
        raise WarehouseRefused(
            f"dataset {dataset} does not exist, or the account may not see it; "
            f"missing: bigquery.datasets.get on dataset {dataset}, or {error.right}",
            f"create the dataset and grant the account roles/bigquery.dataEditor on {dataset}",
        ) from error


def ensure_tables(
    connection: Connection,
    dataset: str,
    tables: Iterable[Table],
    **limits: Any,  # noqa: ANN401 - timeout and retry of a call
) -> None:
    """Create those tables of a dataset that do not exist; the others are left as they are."""
    with named_right("bigquery.tables.list", f"dataset {dataset}"):
        existing = connection.table_names(dataset, **limits)
    for table in tables:
        if table.table_id not in existing:
            with named_right("bigquery.tables.create", f"dataset {dataset}", table.table_id):
                # Somebody may have been quicker.
                connection.client.create_table(table, exists_ok=True, **limits)


def missing_columns(table: Table, wanted: Iterable[SchemaField]) -> list[SchemaField]:
    """Return the columns that a table lacks. BigQuery does not tell names apart by case."""
    present = {column.name.lower() for column in table.schema}
    return [column for column in wanted if column.name.lower() not in present]


def ensure_columns(
    connection: Connection,
    table: Table,
    wanted: Sequence[SchemaField],
    **limits: Any,  # noqa: ANN401 - timeout and retry of a call
) -> None:
    """Add the columns that a table lacks. They hold null in the rows that are there."""
    from google.api_core.exceptions import PreconditionFailed

    for is_last in (False, False, True):
        missing = missing_columns(table, wanted)
        if not missing:
            return
        table.schema = [*table.schema, *missing]
        try:
            with named_right("bigquery.tables.update", f"dataset {table.dataset_id}"):
                connection.client.update_table(table, ["schema"], **limits)
            return
        except PreconditionFailed:
            # Somebody changed the table since it was read: theirs may be the very columns.
            if is_last:
                raise
            table = connection.client.get_table(table.reference, **limits)


def refused(right: str, where: str, missing: str = "") -> WarehouseRefused:
    """Return the error that says which right is missing, and where."""
    instead = "let somebody who may create the table, or " if missing else ""
    about = f"table {missing} does not exist, and " if missing else ""
    return WarehouseRefused(
        f"{about}the account lacks {right} on {where}",
        f"{instead}grant it to the account; 'concord health' tells which one that is",
        right=f"{right} on {where}",
    )


@contextmanager
def named_right(right: str, where: str, missing: str = "") -> Iterator[None]:
    """Turn a refusal into an error that names the right."""
    from google.api_core.exceptions import Forbidden

    try:
        yield
    except Forbidden as error:
        if _is_about_rights(error):
            raise refused(right, where, missing) from error
        raise


def right_in(error: BaseException) -> str:
    """Return the permission that Google says is missing, or ''."""
    from google.api_core.exceptions import Forbidden

    found = PERMISSION.search(str(error)) if isinstance(error, Forbidden) else None
    return found.group() if found else ""


def _is_about_rights(error: Any) -> bool:  # noqa: ANN401 - Google's class is imported late
    """Say whether a 403 is a missing right: quotas and rates come with the same number."""
    reasons = {entry.get("reason", "") for entry in error.errors if isinstance(entry, dict)}
    return not reasons or "accessDenied" in reasons
