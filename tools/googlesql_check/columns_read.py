"""Which columns of which tables a statement needs, as BigQuery bills them: once per query.

A column is needed when the result hangs on it. What a subquery selects and nobody uses is not read:
`select *` of an import costs nothing by itself.
"""

from collections import defaultdict
from collections.abc import Iterable

from tools.googlesql_check.protocol import Message
from tools.googlesql_check.resolved_tree import concrete, holds_nodes, kind_of

# The catalog's number of a table -> columns.
_Reads = dict[int, set[str]]


def columns_read(statement: Message, outputs: frozenset[str] | None = None) -> _Reads:
    """Return the columns by table; `outputs` are the columns of the result that are wanted."""
    if statement.WhichOneof("node") != "resolved_query_stmt_node":
        return {}
    query = statement.resolved_query_stmt_node
    usage = _Usage()
    usage.visit(query.query)
    usage.need(
        output.column.column_id
        for output in query.output_column_list
        if outputs is None or output.name in outputs
    )
    return usage.reads


class _Usage:
    """Walks a resolved tree. Expressions of computed columns are walked once they are needed."""

    def __init__(self) -> None:
        self.reads: _Reads = defaultdict(set)
        self._needed: set[int] = set()
        self._expressions: dict[int, list[Message]] = defaultdict(list)
        self._same_as: dict[int, list[int]] = defaultdict(list)
        self._base: dict[int, tuple[int, str]] = {}
        self._with: dict[str, list[int]] = {}

    def need(self, ids: Iterable[int]) -> None:
        """Mark columns as needed, with all that they are worked out from."""
        waiting = list(ids)
        while waiting:
            column_id = waiting.pop()
            if column_id in self._needed:
                continue
            self._needed.add(column_id)
            if column_id in self._base:
                table, name = self._base[column_id]
                self.reads[table].add(name)
            waiting += self._same_as.pop(column_id, [])
            for expression in self._expressions.pop(column_id, []):
                self.visit(expression)

    def visit(self, message: Message) -> None:
        """Take in one node and what is below it."""
        waiting = [message]
        while waiting:
            node = concrete(waiting.pop())
            kind = kind_of(node)
            if kind == "TableScan":
                self._table(node)
            elif kind == "WithRefScan":
                self._alias(_ids(_scan(node).column_list), self._with[node.with_query_name])
            elif kind == "ColumnRef":
                self.need([node.column.column_id])
            elif kind == "ComputedColumn":
                self._computed(node)
            elif kind == "SubqueryExpr":
                self.visit(node.subquery)
                self.need(_ids(_scan(concrete(node.subquery)).column_list))
                waiting += [*node.parameter_list, node.in_expr]
            elif kind == "WithEntry":
                self.visit(node.with_subquery)
                columns = _scan(concrete(node.with_subquery)).column_list
                self._with[node.with_query_name] = _ids(columns)
            elif kind == "SetOperationScan":
                self._set_operation(node)
            elif kind == "AggregateScan":
                self._aggregate(node)
            else:
                waiting += reversed(_children(node))

    def _table(self, node: Message) -> None:
        for column in _scan(node).column_list:
            self._base[column.column_id] = (node.table.serialization_id, column.name)
            self._settle(column.column_id)

    def _alias(self, ids: list[int], of: list[int]) -> None:
        for column_id, other in zip(ids, of, strict=True):
            self._same_as[column_id].append(other)
            self._settle(column_id)

    def _computed(self, node: Message) -> None:
        self._expressions[node.column.column_id].append(node.expr)
        self._settle(node.column.column_id)

    def _set_operation(self, node: Message) -> None:
        ids = _ids(_scan(node).column_list)
        for item in node.input_item_list:
            self.visit(item.scan)
            self._alias(ids, _ids(item.output_column_list))
        if not _is_union_all(node):
            self.need(ids)

    def _aggregate(self, node: Message) -> None:
        base = node.parent
        self.visit(base.input_scan)
        for group in base.group_by_list:
            self._computed(group)
        # Rows are told apart by them, wanted or not.
        self.need(group.column.column_id for group in base.group_by_list)
        for aggregate in base.aggregate_list:
            self.visit(aggregate)

    def _settle(self, column_id: int) -> None:
        """Follow a column that was needed before it was known what it is."""
        if column_id in self._needed:
            self._needed.discard(column_id)
            self.need([column_id])


def _is_union_all(node: Message) -> bool:
    field = node.DESCRIPTOR.fields_by_name["op_type"]
    return str(field.enum_type.values_by_number[node.op_type].name) == "UNION_ALL"


def _ids(columns: Iterable[Message]) -> list[int]:
    return [column.column_id for column in columns]


def _scan(node: Message) -> Message:
    """The part of a scan that holds its columns."""
    while "column_list" not in node.DESCRIPTOR.fields_by_name:
        node = node.parent
    return node


def _children(node: Message) -> list[Message]:
    found: list[Message] = []
    for field, value in node.ListFields():
        if holds_nodes(field):
            found += value if field.is_repeated else [value]
    return found
