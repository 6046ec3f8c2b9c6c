"""What BigQuery accepts but the local warehouse computes differently: warnings, never errors."""

from collections.abc import Iterable

from tools.googlesql_check.bigquery_rules import Broken
from tools.googlesql_check.protocol import Message, enum_name
from tools.googlesql_check.resolved_tree import PlacedNode, called_function, concrete, kind_of

_FUNCTIONS = {
    "approx_top_count": "returns bare values",
    "array_slice": "counts from another place",
    "dot_product": "is missing",
    "net.host": "differs",
    "net.public_suffix": "differs",
    "net.reg_domain": "differs",
    "upper": "is slow, lower is not",
}
_CASTS = {
    ("DOUBLE", "STRING"): "prints 1.0 instead of 1",
    ("DOUBLE", "INT64"): "rounds halves to even, so round first",
    ("STRING", "INT64"): "accepts '1.5', so test the text first",
    ("STRING", "BOOL"): "accepts 't' and '1', so compare the text",
}


def local_differences(nodes: Iterable[PlacedNode]) -> list[Broken]:
    """Calls and casts whose result depends on where the statement runs."""
    found = []
    for node, start in nodes:
        message = _function(node) or _cast(node)
        if message:
            found.append(Broken(message, start))
    return list(dict.fromkeys(found))


def _function(node: Message) -> str | None:
    name = called_function(node)
    if name in _FUNCTIONS:
        return f"on the local warehouse {name} {_FUNCTIONS[name]}"
    if name == "trim" and len(node.argument_list) == 1:
        return "on the local warehouse trim removes spaces but no tabs and line ends"
    return None


def _cast(node: Message) -> str | None:
    if kind_of(node) != "Cast":
        return None
    source = concrete(node.expr)
    # A literal is read while the statement is analyzed; both sides agree on it.
    if kind_of(source) == "Literal":
        return None
    kinds = _kind(source), _kind(node)
    if kinds not in _CASTS:
        return None
    return f"on the local warehouse a cast from {kinds[0]} to {kinds[1]} {_CASTS[kinds]}"


def _kind(expression: Message) -> str:
    while "type" not in expression.DESCRIPTOR.fields_by_name:
        expression = expression.parent
    return enum_name(expression.type, "type_kind").removeprefix("TYPE_")
