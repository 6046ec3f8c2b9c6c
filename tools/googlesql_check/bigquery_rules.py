"""What BigQuery refuses although the analyzer accepts it."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from tools.googlesql_check.bigquery_language import NOT_IN_BIGQUERY
from tools.googlesql_check.protocol import Message, enum_name
from tools.googlesql_check.resolved_tree import (
    PlacedNode,
    called_function,
    concrete,
    kind_of,
    result_columns,
    walk,
)

_ONE_GROUP_FUNCTIONS = {"regexp_extract", "regexp_extract_all", "regexp_instr", "regexp_substr"}
# An escaped character, a character class, or the start of a group that captures.
_PATTERN_PART = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|(\((?!\?)|\(\?P?<\w)", re.DOTALL)


class Broken(NamedTuple):
    """A broken rule, and the byte of the statement where it is broken."""

    message: str
    start: int | None


def broken_rules(statement: Message, nodes: Iterable[PlacedNode]) -> list[Broken]:
    """All rules that a resolved statement breaks, each place once; `nodes` are a walk of it."""
    found = [Broken(message, None) for message in _result_names(statement)]
    for node, start in nodes:
        message = _outer_join(node) or _recursion(node) or _missing_function(node) or _groups(node)
        if message:
            found.append(Broken(message, start))
    return list(dict.fromkeys(found))


def _result_names(statement: Message) -> list[str]:
    names = Counter(column.name.lower() for column in result_columns(statement) or [])
    messages = [f"duplicate column {name} in the result" for name, n in names.items() if n > 1]
    if any(not name or name.startswith("$") for name in names):
        messages.append("a column of the result has no name: add an alias")
    return messages


def _outer_join(node: Message) -> str | None:
    if kind_of(node) != "JoinScan" or enum_name(node, "join_type") == "INNER":
        return None
    sides = [_columns(concrete(scan)) for scan in (node.left_scan, node.right_scan)]
    if any(_is_equality(call, sides) for call in _conjuncts(node.join_expr)):
        return None
    return "an outer join needs an equality between a column of each side in its condition"


def _columns(scan: Message) -> set[int]:
    while "column_list" not in scan.DESCRIPTOR.fields_by_name:
        scan = scan.parent
    return {column.column_id for column in scan.column_list}


def _conjuncts(condition: Message) -> list[Message]:
    """The calls at the top of a condition, with `and` taken apart."""
    node = concrete(condition)
    call = node.parent if "parent" in node.DESCRIPTOR.fields_by_name else node
    if called_function(call) != "$and":
        return [call]
    return [inner for argument in call.argument_list for inner in _conjuncts(argument)]


def _is_equality(call: Message, sides: list[set[int]]) -> bool:
    if called_function(call) != "$equal":
        return False
    used = [_used_columns(argument) for argument in call.argument_list]
    return all(used) and any(
        one <= sides[0] and other <= sides[1] for one, other in (used, reversed(used))
    )


def _used_columns(expression: Message) -> set[int]:
    nodes = (node for node, _ in walk(expression))
    return {node.column.column_id for node in nodes if kind_of(node) == "ColumnRef"}


def _recursion(node: Message) -> str | None:
    if kind_of(node) == "RecursiveScan" and enum_name(node, "op_type") == "UNION_DISTINCT":
        return "a recursive query must use union all"
    return None


def _missing_function(node: Message) -> str | None:
    name = called_function(node)
    return f"BigQuery has no function {name}" if name in NOT_IN_BIGQUERY else None


def _groups(node: Message) -> str | None:
    name = called_function(node)
    if name not in _ONE_GROUP_FUNCTIONS or len(node.argument_list) < 2:
        return None
    pattern = concrete(node.argument_list[1])
    if kind_of(pattern) != "Literal":
        return None
    if capturing_groups(pattern.value.value.string_value) > 1:
        return f"the pattern of {name} has more than one capturing group"
    return None


def capturing_groups(pattern: str) -> int:
    """How many groups of a regular expression capture."""
    return sum(1 for part in _PATTERN_PART.finditer(pattern) if part[1])
