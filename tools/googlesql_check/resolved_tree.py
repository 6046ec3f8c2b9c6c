"""Reading the analyzer's resolved tree: walking it, places, columns, functions."""

from collections.abc import Iterator
from functools import cache

from tools.googlesql_check.catalog import CatalogColumn
from tools.googlesql_check.protocol import Message

BUILTIN_PREFIX = "ZetaSQL:"

# A node of a tree, and the byte of the statement where the nearest known place begins.
PlacedNode = tuple[Message, int | None]


def result_columns(statement: Message) -> list[CatalogColumn] | None:
    """The columns of a query, or nothing for another kind of statement."""
    if statement.WhichOneof("node") != "resolved_query_stmt_node":
        return None
    outputs = statement.resolved_query_stmt_node.output_column_list
    return [CatalogColumn(output.name, output.column.type) for output in outputs]


def walk(message: Message) -> Iterator[PlacedNode]:
    """Every message below this one, with the byte where the nearest known place begins."""
    # Trees are deeper than Python's call stack.
    waiting: list[PlacedNode] = [(message, None)]
    while waiting:
        node, start = waiting.pop()
        if node is not message:
            yield node, start
        children: list[Message] = []
        for field, value in node.ListFields():
            if holds_nodes(field):
                children += value if field.is_repeated else [value]
        for child in reversed(children):
            found = place(child)
            waiting.append((child, start if found is None else found))


@cache
def holds_nodes(field: Message) -> bool:
    """True for a field of other nodes: types and signatures are many, and of no interest."""
    return bool(field.message_type) and "resolved_ast" in field.message_type.file.name


def place(node: Message) -> int | None:
    """The byte of the statement where a node begins."""
    base: Message | None = node
    while base is not None:
        has_place, has_parent = _parts(base.DESCRIPTOR)
        if has_place:
            found = base.HasField("parse_location_range")
            return int(base.parse_location_range.start) if found else None
        base = base.parent if has_parent and base.HasField("parent") else None
    return None


@cache
def _parts(descriptor: Message) -> tuple[bool, bool]:
    fields = descriptor.fields_by_name
    return "parse_location_range" in fields, "parent" in fields


def concrete(node: Message) -> Message:
    """The node itself below the wrappers that stand for `any expression`, `any scan`."""
    while "node" in node.DESCRIPTOR.oneofs_by_name and (kind := node.WhichOneof("node")):
        node = getattr(node, kind)
    return node


def kind_of(node: Message) -> str:
    """A node's kind without the common affixes, for example `JoinScan`."""
    return _kind(node.DESCRIPTOR)


@cache
def _kind(descriptor: Message) -> str:
    return str(descriptor.name).removeprefix("Resolved").removesuffix("Proto")


def called_function(node: Message) -> str | None:
    """The function that this node calls; built-in ones by their bare name."""
    if not _calls(node.DESCRIPTOR):
        return None
    return str(node.function.name).removeprefix(BUILTIN_PREFIX).lower() or None


@cache
def _calls(descriptor: Message) -> bool:
    return "function" in descriptor.fields_by_name
