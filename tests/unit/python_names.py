"""Modules of Python by their names: functions, calls, classes, and what a name is bound to."""

from __future__ import annotations

import ast
from collections import defaultdict
from dataclasses import dataclass, field

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(eq=False)
class Scope:
    """A module or a function: where a name is looked up, from the inside out."""

    module: str
    node: ast.AST
    outer: Scope | None = None
    in_class: str = ""
    bound: dict[str, list[ast.expr]] = field(default_factory=lambda: defaultdict(list))
    parameters: dict[str, ast.arg] = field(default_factory=dict)
    results: list[ast.expr] = field(default_factory=list)

    @property
    def function(self) -> str:
        """Return the name of the function, none for a module."""
        return self.node.name if isinstance(self.node, Function) else ""


class Names(ast.NodeVisitor):
    """Everything that is defined and called in some modules."""

    def __init__(self, modules: dict[str, str]) -> None:
        """Read the modules, given as their code by their dotted names."""
        self.modules: dict[str, Scope] = {}
        self.functions: dict[str, list[Scope]] = defaultdict(list)
        self.calls: dict[str, list[tuple[Scope, ast.Call]]] = defaultdict(list)
        self.fields: dict[tuple[str, str], list[tuple[Scope, ast.expr]]] = defaultdict(list)
        self.renamed: dict[str, set[str]] = defaultdict(set)
        self.classes: dict[str, list[tuple[Scope, ast.ClassDef]]] = defaultdict(list)
        self.imports: dict[tuple[str, str], tuple[str, str]] = {}
        self._class = ""
        for name, code in modules.items():
            tree = ast.parse(code)
            self._scope = self.modules[name] = Scope(name, tree)
            self.visit(tree)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """Note a class, and which functions are its own."""
        self.classes[node.name].append((self._scope, node))
        before, self._class = self._class, node.name
        self.generic_visit(node)
        self._class = before

    def visit_FunctionDef(self, node: Function) -> None:
        """Open a scope with the function's parameters."""
        for one in node.decorator_list:
            self.visit(one)
        outer, in_class = self._scope, self._class
        scope = Scope(outer.module, node, outer, in_class)
        every = node.args
        given = [*every.posonlyargs, *every.args, *every.kwonlyargs, every.vararg, every.kwarg]
        scope.parameters = {one.arg: one for one in given if one}
        self.functions[node.name].append(scope)
        for default in [*every.defaults, *every.kw_defaults]:
            if default is not None:
                self.visit(default)
        self._scope, self._class = scope, ""
        for statement in node.body:
            self.visit(statement)
        self._scope, self._class = outer, in_class

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815 - a name of ast's

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        """Note where a name comes from."""
        for one in node.names:
            self.imports[self._scope.module, one.asname or one.name] = (node.module or "", one.name)
            self.renamed[one.name].add(one.asname or one.name)

    def visit_Import(self, node: ast.Import) -> None:
        """Note the modules of others."""
        for one in node.names:
            self.imports[self._scope.module, one.asname or one.name] = (one.name, "")

    def visit_Assign(self, node: ast.Assign) -> None:
        """Bind names to a value."""
        for target in node.targets:
            self._bind(target, node.value)
        self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        """Bind a name that has a type; fields of a class are not looked up as names."""
        if node.value is not None and not self._class:
            self._bind(node.target, node.value)
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        """What is added is a part, whatever was there before."""
        self._bind(node.target, node.value)
        self.generic_visit(node)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        """Bind a name within an expression."""
        self._bind(node.target, node.value)
        self.generic_visit(node)

    def visit_For(self, node: ast.For | ast.AsyncFor | ast.comprehension) -> None:
        """Bind names to what is gone through: numbers and keys are not the values beside them."""
        target, values = node.target, node.iter
        if isinstance(target, ast.Tuple) and len(target.elts) == 2 and isinstance(values, ast.Call):
            if isinstance(values.func, ast.Name) and values.func.id == "enumerate":
                (number, target), values = target.elts, values.args[0]
                self._bind(number, ast.Constant(0))
            elif isinstance(values.func, ast.Attribute) and values.func.attr == "items":
                for one, name in zip(target.elts, ("keys", "values"), strict=True):
                    called = ast.Attribute(values.func.value, name, ast.Load())
                    self._bind(one, ast.Call(called, [], []))
                target = ast.Tuple([], ast.Store())
        self._bind(target, values)
        self.generic_visit(node)

    visit_AsyncFor = visit_comprehension = visit_For  # noqa: N815 - names of ast's

    def visit_withitem(self, node: ast.withitem) -> None:
        """Bind a name to what is opened."""
        if node.optional_vars is not None:
            self._bind(node.optional_vars, node.context_expr)
        self.generic_visit(node)

    def visit_Return(self, node: ast.Return | ast.Yield | ast.YieldFrom) -> None:
        """Note what a function gives back."""
        if node.value is not None:
            self._scope.results.append(node.value)
        self.generic_visit(node)

    visit_Yield = visit_YieldFrom = visit_Return  # noqa: N815 - names of ast's

    def visit_Call(self, node: ast.Call) -> None:
        """Note a call by its last name; what is put into a list is bound to the list's name."""
        called = node.func
        if isinstance(called, ast.Name):
            self.calls[called.id].append((self._scope, node))
        elif isinstance(called, ast.Attribute):
            self.calls[called.attr].append((self._scope, node))
            if called.attr in {"append", "extend", "insert", "add"}:
                for one in node.args:
                    self._bind(called.value, one)
        self.generic_visit(node)

    def _bind(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self._scope.bound[target.id].append(value)
        elif isinstance(target, ast.Attribute) and ast.unparse(target.value) == "self":
            self.fields[self._scope.in_class, target.attr].append((self._scope, value))
        elif isinstance(target, ast.Subscript | ast.Starred):
            self._bind(target.value, value)
        elif isinstance(target, ast.Tuple | ast.List):
            both = isinstance(value, ast.Tuple) and len(value.elts) == len(target.elts)
            for n, one in enumerate(target.elts):
                self._bind(one, value.elts[n] if both and isinstance(value, ast.Tuple) else value)

    def origin(self, module: str, name: str) -> tuple[str, str]:
        """Return where a name of a module is defined, through whatever imports it comes."""
        while (module, name) in self.imports:
            module, name = self.imports[module, name]
        return module, name
