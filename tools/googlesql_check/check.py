"""Check all compiled nodes of a dbt project with Google's analyzer; needs no warehouse."""

import contextlib
import re
from pathlib import Path

from tools.googlesql_check.bigquery_rules import Broken, broken_rules
from tools.googlesql_check.byte_caps import ByteEstimate, read_shape
from tools.googlesql_check.catalog import Catalog, CatalogColumn
from tools.googlesql_check.dbt_nodes import (
    RELATION_KINDS,
    STATEMENT_KINDS,
    DbtNode,
    published_relation,
    read_compiled_nodes,
)
from tools.googlesql_check.engine import GoogleSql, GoogleSqlError
from tools.googlesql_check.findings import Gravity, Report, Violation
from tools.googlesql_check.hooks import UnreadableHookError, hook_texts, render_hook
from tools.googlesql_check.input_columns import (
    UnknownColumnsError,
    declared_columns,
    seed_columns,
    snapshot_columns,
)
from tools.googlesql_check.local_differences import local_differences
from tools.googlesql_check.node_rules import (
    declaration_errors,
    initial_name,
    iteration_errors,
    layout_errors,
    layout_statement,
)
from tools.googlesql_check.plan_size import PlanSizes
from tools.googlesql_check.protocol import Message
from tools.googlesql_check.resolved_tree import result_columns, walk

# Where the analyzer says that it found an error.
_PLACE = re.compile(r"\s*\[at (\d+):\d+\]")
# dbt declares this variable around an incremental model.
_MAX_PARTITION = re.compile(r"\b_dbt_max_partition\b")


def check(project_dir: Path, target_path: Path, google_sql: GoogleSql | None = None) -> Report:
    """Analyze what `dbt compile` has left in the target path."""
    target = target_path if target_path.is_absolute() else project_dir / target_path
    nodes = read_compiled_nodes(target)
    checker = _Checker(project_dir, nodes, google_sql or GoogleSql())
    for node in nodes:
        checker.visit(node)
    return checker.report


def relations(project_dir: Path, nodes: list[DbtNode], google_sql: GoogleSql) -> Catalog:
    """All relations of the nodes, with the columns that Google's analyzer finds for them."""
    checker = _Checker(project_dir, nodes, google_sql)
    for node in nodes:
        if node.relation:
            checker.visit(node)
    return checker.catalog


class _Checker:
    def __init__(self, project_dir: Path, nodes: list[DbtNode], google_sql: GoogleSql) -> None:
        self._project_dir = project_dir
        self._nodes = {node.unique_id: node for node in nodes}
        self.catalog = Catalog(google_sql)
        shape = read_shape(project_dir)
        self._bytes = ByteEstimate(shape, self.catalog) if shape else None
        self._plans = PlanSizes()
        self.report = Report()

    def visit(self, node: DbtNode) -> None:
        """Look at one node after everything that it reads."""
        if node.kind not in STATEMENT_KINDS:
            self._visit_input(node)
        elif node.sql is None:
            self._visit_uncompiled(node)
        elif self._has_unknown_input(node):
            self.report.skipped.append(node.unique_id)
        elif node.kind == "operation":
            self._statements(node, node.sql)
        else:
            self._visit_query(node, node.sql)
            if self.catalog.columns(node.relation) is not None:
                self._visit_hooks(node)

    def _visit_input(self, node: DbtNode) -> None:
        try:
            if node.kind == "seed":
                columns = seed_columns(node, self.catalog, self._project_dir)
                if self._bytes:
                    self._bytes.add_seed(node)
            else:
                columns = declared_columns(node, self.catalog)
        except UnknownColumnsError as error:
            self._add(node, f"the column types are unknown: {error}")
        else:
            self.catalog.add(node.relation, columns)

    def _visit_uncompiled(self, node: DbtNode) -> None:
        # dbt compiles an ephemeral model into those that read it, and leaves out an empty hook.
        if node.materialized != "ephemeral" and node.kind != "operation":
            self._add(node, "it is not compiled: run `dbt compile` without a selection")

    def _has_unknown_input(self, node: DbtNode) -> bool:
        inputs = (self._nodes[key] for key in node.depends_on if key in self._nodes)
        return any(
            input_.relation
            and input_.materialized != "ephemeral"
            and self.catalog.columns(input_.relation) is None
            for input_ in inputs
        )

    def _visit_query(self, node: DbtNode, sql: str) -> None:
        if node.relation and node.quoted in sql and not self._know_itself(node):
            return
        type_ = (node.config.get("partition_by") or {}).get("data_type", "date")
        sql = _MAX_PARTITION.sub(f"cast(null as {type_})", sql.rstrip().rstrip(";"))
        statement = self._analyze(node, sql)
        if (
            statement is not None
            and self._bytes
            and (excess := self._bytes.excess(node, statement))
        ):
            self._add(node, excess)
        if statement is not None and (excess := self._plans.excess(node, sql)):
            self._add(node, excess)
        columns = result_columns(statement) if statement is not None else None
        if columns is not None and node.kind in RELATION_KINDS:
            self._visit_result(node, columns)
        elif statement is None and node.relation:
            self._fall_back(node)

    def _know_itself(self, node: DbtNode) -> bool:
        try:
            self.catalog.add(node.relation, declared_columns(node, self.catalog))
        except UnknownColumnsError as error:
            self._add(node, f"it reads itself, so its column types must be known: {error}")
            return False
        return True

    def _fall_back(self, node: DbtNode) -> None:
        """Let later nodes be checked against what a broken node should have been."""
        with contextlib.suppress(UnknownColumnsError):
            self.catalog.add(node.relation, declared_columns(node, self.catalog))

    def _visit_result(self, node: DbtNode, columns: list[CatalogColumn]) -> None:
        errors = layout_errors(node, columns)
        if not errors and (statement := layout_statement(node, columns)):
            try:
                self.catalog.analyze(statement)
            except GoogleSqlError as refusal:
                errors.append(f"cannot be laid out so: {_PLACE.sub('', str(refusal))}")
        if node.kind == "snapshot":
            columns = [*columns, *snapshot_columns(node, self.catalog, columns)]
        errors += declaration_errors(node, columns, self.catalog)
        if node.materialized == "iterated":
            name = initial_name(node)
            inputs = [self._nodes[key] for key in node.depends_on if key in self._nodes]
            initial = next((input_ for input_ in inputs if input_.name == name), None)
            before = self.catalog.columns(initial.relation) if initial else None
            errors += iteration_errors(node, columns, initial, before)
        for error in errors:
            self._add(node, error)
        if node.materialized != "ephemeral":
            self.catalog.add(node.relation, columns)
        if copy := published_relation(node):
            self.catalog.add(copy, columns)

    def _visit_hooks(self, node: DbtNode) -> None:
        for moment, text in hook_texts(node):
            try:
                sql = render_hook(text, node, self._nodes)
            except UnreadableHookError as error:
                self._add(node, f"the {moment} is not checked: {error}", None, Gravity.WARNING)
                continue
            if sql.strip():
                self._statements(node, sql, f"{moment}: ")

    def _analyze(self, node: DbtNode, sql: str) -> Message | None:
        self.report.checked += 1
        try:
            statement = self.catalog.analyze(sql)
        except GoogleSqlError as error:
            self._add_refusal(node, error)
            return None
        self._apply_rules(node, sql, statement)
        return statement

    def _statements(self, node: DbtNode, sql: str, prefix: str = "") -> None:
        self.report.checked += 1
        try:
            for statement in self.catalog.analyze_script(sql):
                self._apply_rules(node, sql, statement, prefix)
        except GoogleSqlError as error:
            self._add_refusal(node, error, prefix)

    def _apply_rules(self, node: DbtNode, sql: str, statement: Message, prefix: str = "") -> None:
        found: list[tuple[Broken, Gravity]] = []
        nodes = list(walk(statement))
        found += [(broken, Gravity.ERROR) for broken in broken_rules(statement, nodes)]
        found += [(broken, Gravity.WARNING) for broken in local_differences(nodes)]
        for broken, severity in found:
            line = None
            if broken.start is not None and not prefix:
                line = sql.encode()[: broken.start].count(b"\n") + 1
            self._add(node, prefix + broken.message, line, severity)

    def _add_refusal(self, node: DbtNode, error: GoogleSqlError, prefix: str = "") -> None:
        text = str(error)
        places = _PLACE.findall(text)
        line = int(places[-1]) if places and not prefix else None
        self._add(node, prefix + _PLACE.sub("", text), line)

    def _add(
        self,
        node: DbtNode,
        message: str,
        line: int | None = None,
        severity: Gravity = Gravity.ERROR,
    ) -> None:
        self.report.findings.append(Violation(node.unique_id, node.file, line, message, severity))
