"""What a node's configuration promises about its columns."""

from tools.googlesql_check.catalog import Catalog, CatalogColumn
from tools.googlesql_check.column_types import type_name
from tools.googlesql_check.dbt_nodes import DbtNode

MAX_CLUSTER_COLUMNS = 4
CLUSTER_TYPES = {
    *("BIGNUMERIC", "BOOL", "DATE", "DATETIME", "GEOGRAPHY", "INT64", "NUMERIC", "STRING"),
    "TIMESTAMP",
}
_PARTITION_TYPES = {"DATE", "DATETIME", "INT64", "TIMESTAMP"}


def declaration_errors(node: DbtNode, columns: list[CatalogColumn], catalog: Catalog) -> list[str]:
    """Documented columns that are missing or have another type than the yml file says."""
    types = _types(columns)
    errors = []
    for name, declared in node.declared.items():
        found = types.get(name.lower())
        if found is None:
            errors.append(f"the documented column {name} is not in the result")
        elif declared and (message := _type_error(found, declared, catalog)):
            errors.append(f"column {name} {message}")
    contract = node.config.get("contract") or {}
    if contract.get("enforced"):
        documented = {name.lower() for name in node.declared}
        missing = [column.name for column in columns if column.name.lower() not in documented]
        errors += [f"column {name} is missing in the enforced contract" for name in missing]
    return errors


def _type_error(found: str, declared: str, catalog: Catalog) -> str | None:
    try:
        expected = type_name(catalog.types.read(declared))
    except ValueError as error:
        return f"has a wrong data_type: {error}"
    # The names of struct fields keep their case but do not depend on it.
    return None if expected.lower() == found.lower() else f"is {found}, declared as {declared}"


def layout_errors(node: DbtNode, columns: list[CatalogColumn]) -> list[str]:
    """Partition, cluster and key columns that BigQuery or the merge would refuse."""
    types = _types(columns)
    errors = []
    clusters = _names(node.config.get("cluster_by"))
    if len(clusters) > MAX_CLUSTER_COLUMNS:
        errors.append(f"BigQuery clusters by at most {MAX_CLUSTER_COLUMNS} columns")
    for name in clusters:
        found = types.get(name.lower(), "missing")
        if found not in CLUSTER_TYPES:
            errors.append(f"cannot cluster by {name}: it is {found}")
    partition = node.config.get("partition_by") or {}
    if field := partition.get("field"):
        found = types.get(field.lower(), "missing")
        # dbt takes a date for granted.
        declared = str(partition.get("data_type") or "date").upper()
        if found != declared or found not in _PARTITION_TYPES:
            errors.append(f"cannot partition by {field} as {declared}: it is {found}")
    # A snapshot's key may be an expression; only plain names can be looked up.
    keys = [key for key in _names(node.config.get("unique_key")) if key.isidentifier()]
    errors += [f"the unique key {key} is not in the result" for key in keys if key not in types]
    return errors


def layout_statement(node: DbtNode, columns: list[CatalogColumn]) -> str | None:
    """The statement that makes an empty table laid out as dbt lays out the node's, if it does."""
    clusters = _names(node.config.get("cluster_by"))
    partition = node.config.get("partition_by") or {}
    clauses = ""
    if partition.get("field") and partition.get("data_type") != "int64":
        clauses += f" partition by {_partition_expression(partition)}"
    if clusters:
        clauses += f" cluster by {', '.join(clusters)}"
    if not clauses:
        return None
    nulls = (f"cast(null as {type_name(column.type)}) as `{column.name}`" for column in columns)
    return f"create table laid_out{clauses} as select {', '.join(nulls)}"


def _partition_expression(partition: dict[str, str]) -> str:
    field, unit = partition["field"], partition.get("granularity") or "day"
    kind = (partition.get("data_type") or "date").lower()
    return field if (kind, unit) == ("date", "day") else f"{kind}_trunc({field}, {unit})"


def iteration_errors(
    node: DbtNode,
    columns: list[CatalogColumn],
    initial: DbtNode | None,
    before: list[CatalogColumn] | None,
) -> list[str]:
    """An iterated model feeds its result back, so it must look like the model it starts from."""
    if initial is None or initial.unique_id not in node.depends_on:
        return ["an iterated model needs meta.initial, the name of a model that it reads"]
    step = step_name(node)
    if step and not any(key.endswith(f".{step}") for key in node.depends_on):
        return [f"meta.step names {step}, which the model does not read"]
    if before is None:
        return []
    own, first = _types(columns), _types(before)
    pairs = {name: (own.get(name), first.get(name)) for name in [*first, *own]}
    errors = [
        f"column {name} is {mine or 'missing'}, in {initial.name} it is {theirs or 'missing'}"
        for name, (mine, theirs) in pairs.items()
        if mine != theirs
    ]
    if not errors and list(own) != list(first):
        errors.append(f"the columns stand in another order than in {initial.name}")
    return errors


def initial_name(node: DbtNode) -> str | None:
    """The model that an iterated model starts from."""
    meta = node.config.get("meta") or {}
    return meta.get("initial") or node.config.get("initial")


def step_name(node: DbtNode) -> str | None:
    """The model whose SQL runs before each further round of an iterated model, if there is one."""
    return (node.config.get("meta") or {}).get("step")


def _types(columns: list[CatalogColumn]) -> dict[str, str]:
    return {column.name.lower(): type_name(column.type) for column in columns}


def _names(value: str | list[str] | None) -> list[str]:
    if not value:
        return []
    return [value] if isinstance(value, str) else list(value)
