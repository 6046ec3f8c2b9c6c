"""Each model's SQL in Google's evaluator, against the rows that the warehouse made of it."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from tools.googlesql_check.check import relations
from tools.googlesql_check.column_types import type_name
from tools.googlesql_check.dbt_nodes import DbtNode
from tools.googlesql_check.engine import GoogleSql, GoogleSqlError
from tools.googlesql_check.node_rules import initial_name, step_name
from tools.googlesql_check.semantics.comparison import Difference, compare_rows
from tools.googlesql_check.semantics.evaluator import Evaluator
from tools.googlesql_check.semantics.exceptions import ReviewedException
from tools.googlesql_check.semantics.relations import read_relations
from tools.googlesql_check.semantics.rows import Table, UnfitValueError
from tools.googlesql_check.semantics.verdicts import Outcome, Verdict
from tools.googlesql_check.semantics.warehouse import QueriedWarehouse, QueryFailed, Result


@dataclass(frozen=True)
class Options:
    """How thorough the comparison is."""

    # The order of the rows that the evaluator sees; 0 is that of the warehouse.
    seed: int = 1
    # A model that reads more rows is not evaluated: the evaluator holds 128 MiB, and is slow.
    max_rows_read: int | None = None
    # Iterated models from their first round to their last, not only one from each end.
    all_rounds: bool = False
    exceptions: Mapping[str, ReviewedException] = field(default_factory=dict)


class ModelCheck:
    """Compares one project on one warehouse; reads every relation once."""

    def __init__(
        self,
        project_dir: Path,
        nodes: list[DbtNode],
        google_sql: GoogleSql,
        warehouse: QueriedWarehouse,
        options: Options,
    ) -> None:
        self._nodes = {node.unique_id: node for node in nodes}
        self._google_sql = google_sql
        self._warehouse = warehouse
        self._options = options
        stored = read_relations(nodes, relations(project_dir, nodes, google_sql), warehouse)
        self._types, self._unread, self._tables = stored
        self._evaluator = Evaluator(google_sql, self._tables, options.seed)
        self._in_order = Evaluator(google_sql, self._tables)

    def models(self) -> Iterator[Verdict]:
        """A verdict for every model and snapshot."""
        for node in self._nodes.values():
            if node.kind in ("model", "snapshot"):
                start = time.monotonic()
                verdict = self._reviewed(node, self._model(node))
                yield replace(verdict, seconds=time.monotonic() - start)

    def data_tests(self) -> Iterator[Verdict]:
        """A verdict for every data test: both sides find the same rows, mostly none."""
        for node in self._nodes.values():
            if node.kind == "test":
                start = time.monotonic()
                verdict = self._query(node, node.sql or "") if node.sql else _uncompiled(node)
                yield replace(verdict, seconds=time.monotonic() - start)

    def _model(self, node: DbtNode) -> Verdict:
        if node.materialized == "ephemeral":
            return Verdict(node.name, node.kind, Outcome.INLINED)
        if node.sql is None:
            return _uncompiled(node)
        if node.materialized == "iterated":
            return self._iterated(node, node.sql)
        if node.kind == "snapshot":
            return self._query(node, node.sql)
        stored = self._tables.get(node.quoted)
        if stored is None:
            return _not_evaluated(node, self._unread[node.unique_id])
        verdict = self._compared(node, node.sql, Result(self._types[node.unique_id], stored.rows))
        if verdict.outcome is Outcome.DIFFERENT:
            # Hooks and later runs may have changed what it reads: both sides anew.
            again = self._query(node, node.sql)
            if again.outcome is not Outcome.DIFFERENT:
                return replace(again, reason="built before the last change of its inputs")
        return verdict

    def _iterated(self, node: DbtNode, sql: str) -> Verdict:
        """One round from the first state and one from the last, or all of them."""
        inputs = (self._nodes[key] for key in node.depends_on if key in self._nodes)
        initial = next(each for each in inputs if each.name == initial_name(node))
        if self._options.all_rounds:
            return self._last_state(node, sql, initial)
        first = self._query(node, sql)
        if first.outcome in (Outcome.DIFFERENT, Outcome.NOT_EVALUATED):
            return first
        last = self._query(node, sql.replace(initial.quoted, node.quoted))
        if last.outcome is Outcome.EQUAL:
            last = replace(last, outcome=first.outcome)
        return last

    def _last_state(self, node: DbtNode, sql: str, initial: DbtNode) -> Verdict:
        """Iterate at Google's until it settles, and compare with where the warehouse ended."""
        google_sql, stored = self._google_sql, self._tables[node.quoted]
        named = (each for each in self._nodes.values() if each.name == step_name(node))
        step = next(named, None)
        tables = {**self._tables}
        reason = self._hindrance(node, sql)
        if reason:
            return _not_evaluated(node, reason)
        n_rounds = 0
        for n_rounds in range(1, 1 + int(node.config["meta"].get("max_rounds", 50))):
            try:
                evaluator = Evaluator(google_sql, tables, self._options.seed)
                if step is not None and n_rounds > 1:
                    tables[step.quoted] = evaluator.run(step.sql or "")
                    evaluator = Evaluator(google_sql, tables, self._options.seed)
                state = evaluator.run(sql)
            except (GoogleSqlError, UnfitValueError) as error:
                return _not_evaluated(node, f"round {n_rounds}: {error}")
            tables[initial.quoted] = state
            if all(row["is_converged"] for row in state.rows):
                break
        difference = compare_rows(stored.columns, tables[initial.quoted].rows, stored.rows)
        verdict = _verdict(node, difference, len(stored.rows))
        return replace(verdict, reason=f"{n_rounds} rounds. {verdict.reason}".strip())

    def _query(self, node: DbtNode, sql: str) -> Verdict:
        """Both sides run the statement now."""
        try:
            local = self._warehouse.query(sql)
        except QueryFailed as error:
            return _not_evaluated(node, f"the warehouse fails: {error}")
        return self._compared(node, sql, local)

    def _compared(self, node: DbtNode, sql: str, local: Result) -> Verdict:
        reason = self._hindrance(node, sql)
        if reason:
            return _not_evaluated(node, reason)
        try:
            google = self._evaluator.run(sql)
        except (GoogleSqlError, UnfitValueError) as error:
            return _not_evaluated(node, str(error))
        apart = _types_apart(google, local)
        if apart:
            return Verdict(node.name, node.kind, Outcome.DIFFERENT, f"types: {apart}")
        exception = self._options.exceptions.get(node.name)
        difference = compare_rows(google.columns, google.rows, local.rows)
        verdict = _verdict(node, difference, len(google.rows))
        if verdict.outcome is not Outcome.DIFFERENT:
            return verdict
        if exception and exception.columns <= set(difference.columns):
            rest = compare_rows(google.columns, google.rows, local.rows, exception.columns)
            if rest.is_near:
                return replace(verdict, outcome=Outcome.EXCEPTION, reason=exception.reason)
        if self._options.seed and self._depends_on_order(sql, local):
            return replace(verdict, reason=f"depends on the order of rows: {verdict.reason}")
        return verdict

    def _depends_on_order(self, sql: str, local: Result) -> bool:
        google = self._in_order.run(sql)
        return compare_rows(google.columns, google.rows, local.rows).is_near

    def _hindrance(self, node: DbtNode, sql: str) -> str:
        """Why the statement cannot be evaluated, or nothing."""
        for key in node.depends_on:
            if key in self._unread and self._nodes[key].quoted in sql:
                return f"its input {self._nodes[key].name}: {self._unread[key]}"
        limit = self._options.max_rows_read
        n_read = sum(len(table.rows) for name, table in self._tables.items() if name in sql)
        if limit is not None and n_read > limit:
            return f"it reads {n_read:,} rows, more than {limit:,}"
        return ""

    def _reviewed(self, node: DbtNode, verdict: Verdict) -> Verdict:
        exception = self._options.exceptions.get(node.name)
        if exception and exception.is_not_evaluated and verdict.outcome is Outcome.NOT_EVALUATED:
            reason = f"{verdict.outcome}: {exception.reason}"
            return replace(verdict, outcome=Outcome.EXCEPTION, reason=reason)
        return verdict


def _verdict(node: DbtNode, difference: Difference, n_rows: int) -> Verdict:
    if difference.is_equal:
        return Verdict(node.name, node.kind, Outcome.EQUAL, n_rows=n_rows)
    if difference.is_near:
        reason = f"{difference.n_float_rows:,} of {n_rows:,} rows"
        return Verdict(node.name, node.kind, Outcome.FLOAT_BITS, reason, n_rows=n_rows)
    reason = (
        f"{difference.only_google:,} rows only at Google's, {difference.only_local:,} only here; "
        f"columns {', '.join(difference.columns) or 'equal one by one'}"
    )
    return Verdict(
        node.name, node.kind, Outcome.DIFFERENT, reason, difference.examples, n_rows=n_rows
    )


def _uncompiled(node: DbtNode) -> Verdict:
    return _not_evaluated(node, "it is not compiled")


def _not_evaluated(node: DbtNode, reason: str) -> Verdict:
    return Verdict(node.name, node.kind, Outcome.NOT_EVALUATED, reason)


def _types_apart(google: Table, local: Result) -> str:
    wanted = {column.name: type_name(column.type) for column in google.columns}
    apart = [
        f"{name} is {wanted.get(name, 'missing')} at Google's, {local.types.get(name, 'missing')}"
        for name in {**wanted, **local.types}
        if wanted.get(name) != local.types.get(name)
    ]
    return "; ".join(apart)
