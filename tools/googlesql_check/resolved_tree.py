"""Reading the analyzer's resolved tree: walking it, places, columns, functions."""

from collections.abc import Iterator

from tools.googlesql_check.catalog import CatalogColumn
from tools.googlesql_check.protocol import Message

BUILTIN_PREFIX = "ZetaSQL:"


def result_columns(statement: Message) -> list[CatalogColumn] | None:
    """The columns of a query, or nothing for another kind of statement."""
    if statement.WhichOneof("node") != "resolved_query_stmt_node":
        return None
    outputs = statement.resolved_query_stmt_node.output_column_list
    return [CatalogColumn(output.name, output.column.type) for output in outputs]


def walk(message: Message) -> Iterator[tuple[Message, int | None]]:
    """Every message below this one, with the byte where the nearest known place begins."""
    # Trees are deeper than Python's call stack.
    waiting: list[tuple[Message, int | None]] = [(message, None)]
    while waiting:
        node, start = waiting.pop()
        if node is not message:
            yield node, start
        children: list[Message] = []
        for field, value in node.ListFields():
            # Types and signatures are of no interest, and there are many of them.
            if field.message_type and "resolved_ast" in field.message_type.file.name:
                children += value if field.is_repeated else [value]
        for child in reversed(children):
            found = place(child)
            waiting.append((child, start if found is None else found))


def place(node: Message) -> int | None:
    """The byte of the statement where a node begins."""
    base: Message | None = node
    while base is not None:
        fields = base.DESCRIPTOR.fields_by_name
        if "parse_location_range" in fields:
            found = base.HasField("parse_location_range")
            return int(base.parse_location_range.start) if found else None
        base = base.parent if "parent" in fields and base.HasField("parent") else None
    return None


def concrete(node: Message) -> Message:
    """The node itself below the wrappers that stand for `any expression`, `any scan`."""
    while "node" in node.DESCRIPTOR.oneofs_by_name and (kind := node.WhichOneof("node")):
        node = getattr(node, kind)
    return node


def kind_of(node: Message) -> str:
    """A node's kind without the common affixes, for example `JoinScan`."""
    return str(node.DESCRIPTOR.name).removeprefix("Resolved").removesuffix("Proto")


def called_function(node: Message) -> str | None:
    """The function that this node calls; built-in ones by their bare name."""
    if "function" not in node.DESCRIPTOR.fields_by_name:
        return None
    return str(node.function.name).removeprefix(BUILTIN_PREFIX).lower() or None
