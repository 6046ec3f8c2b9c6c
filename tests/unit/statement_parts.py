"""What changes in the statements that Python sends, followed from the call to where it begins.

A text is taken apart, however it was built; a name is followed to what it is bound to, a parameter
to all calls, a call to what the function gives back. What is left is no constant: it changes.
What it does not see: a method that is kept in a variable or is asked for by a text (`getattr`).
"""

from __future__ import annotations

import ast
from typing import Final

from tests.unit.python_lookups import Lookups, given_to, is_named, is_plain, value_of_field
from tests.unit.python_names import Function, Names, Scope
from tests.unit.text_parts import NUMBERS, OF_A_TEXT, PASSES, WITH_ARGUMENTS, parts_of

# Methods whose first argument is a statement.
SENDS: Final = ("query", "query_and_wait", "execute", "executemany", "executescript", "sql")
STATEMENT: Final = {"sql", "query", "statement"}


class StatementParts:
    """The parts of all statements of some modules."""

    def __init__(self, modules: dict[str, str], safe: frozenset[str], kept: set[str]) -> None:
        """Read the modules; `safe` functions quote or check, `kept` fields are not followed."""
        self._names = Names(modules)
        self._kept = kept
        self._lookups = Lookups(self._names)
        self._safe = safe
        self._seen: set[tuple[int, int]] = set()
        self._found: set[tuple[str, str]] = set()

    def found(self) -> set[tuple[str, str]]:
        """Return the module and the text of each part that changes and is not known to be safe."""
        for name in SENDS:
            for scope, call in self._names.calls[name]:
                words = [one.value for one in call.keywords if one.arg in STATEMENT]
                if isinstance(call.func, ast.Attribute):
                    for one in [*call.args[:1], *words]:
                        self._take(one, scope)
        return self._found

    def _take(self, node: ast.expr, scope: Scope) -> None:
        """Take an expression apart."""
        if (id(node), id(scope)) in self._seen:
            return
        self._seen.add((id(node), id(scope)))
        parts = parts_of(node)
        if parts is not None:
            for one in parts:
                self._take(one, scope)
        elif isinstance(node, ast.Name):
            self._take_name(node.id, node, scope)
        elif isinstance(node, ast.Call):
            self._take_call(node, scope)
        elif isinstance(node, ast.Attribute):
            self._take_attribute(node, scope)
        else:
            self._leave(node, scope)

    def _take_name(self, name: str, node: ast.expr, scope: Scope) -> None:
        here: Scope | None = scope
        while here is not None:
            if name in here.parameters or name in here.bound:
                for one in here.bound.get(name, ()):
                    self._take(one, here)
                if name in here.parameters:
                    self._take_parameter(name, here)
                return
            here = here.outer
        module, own = self._names.origin(scope.module, name)
        if module in self._names.modules and own in self._names.modules[module].bound:
            for one in self._names.modules[module].bound[own]:
                self._take(one, self._names.modules[module])
        else:
            self._leave(node, scope)

    def _take_parameter(self, name: str, scope: Scope) -> None:
        """Follow a parameter to all calls of its function."""
        one = scope.parameters[name]
        if is_plain(one.annotation):
            return
        values = [
            (of, v) for of, call in self._lookups.calls(scope) for v in given_to(call, name, scope)
        ]
        if not values:
            self._found.add((scope.module, f"{scope.function}({name})"))
        for of, value in values:
            self._take(value, of)

    def _take_call(self, node: ast.Call, scope: Scope) -> None:
        called = node.func
        name = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
        if name in self._safe or name in NUMBERS:
            return
        if name in (*SENDS, "rows"):
            # What a statement has found is a text of records: it is no text for another statement.
            self._found.add((scope.module, f"{scope.function}: rows"))
            return
        given = self._given_on(node, name, scope)
        own = self._lookups.functions(called, scope) if given is None else []
        if given is None and not own:
            self._leave(node, scope)
        for one in given or ():
            self._take(one, scope)
        for function in own:
            if not (isinstance(function.node, Function) and is_plain(function.node.returns)):
                for one in function.results:
                    self._take(one, function)

    def _given_on(self, node: ast.Call, name: str, scope: Scope) -> list[ast.expr] | None:
        """Return what a function of Python's own gives back parts of; none if it is another."""
        called = node.func
        given = [*node.args, *(one.value for one in node.keywords)]
        sides = self._lookups.sides_of(called, scope) if name in {"keys", "values"} else None
        if sides is not None:
            return sides
        if isinstance(called, ast.Attribute) and name in OF_A_TEXT | WITH_ARGUMENTS:
            return [called.value, *(given if name in WITH_ARGUMENTS else [])]
        if name in PASSES and not self._lookups.functions(called, scope):
            return given
        return None

    def _take_attribute(self, node: ast.Attribute, scope: Scope) -> None:
        """Follow a name of a module, or a property; a field is a part of its class."""
        if isinstance(node.value, ast.Name):
            module = ".".join(self._names.origin(scope.module, node.value.id))
            if module in self._names.modules and node.attr in self._names.modules[module].bound:
                for value in self._names.modules[module].bound[node.attr]:
                    self._take(value, self._names.modules[module])
                return
        owner = self._lookups.class_of(node.value, scope)
        for of, one in self._names.classes.get(owner, ()):
            if self._take_member(node.attr, of, one):
                return
        self._leave(node, scope)

    def _take_member(self, name: str, of: Scope, one: ast.ClassDef) -> bool:
        for member in one.body:
            if isinstance(member, Function) and member.name == name:
                for scope in self._names.functions[name]:
                    if scope.node is member:
                        for result in scope.results:
                            self._take(result, scope)
                return True
            if isinstance(member, ast.AnnAssign) and is_named(member, name):
                if not is_plain(member.annotation):
                    self._take_field(name, of, one)
                return True
        for scope, value in self._names.fields[one.name, name]:
            self._take(value, scope)
        return bool(self._names.fields[one.name, name])

    def _take_field(self, name: str, of: Scope, one: ast.ClassDef) -> None:
        """Follow a field to where objects of its class are made."""
        fields = [ast.unparse(m.target) for m in one.body if isinstance(m, ast.AnnAssign)]
        calls = [
            (scope, call)
            for alias in {one.name, *self._names.renamed[one.name]}
            for scope, call in self._names.calls[alias]
        ]
        if f"{one.name}.{name}" in self._kept or not calls:
            self._found.add((of.module, f"{one.name}.{name}"))
            return
        for scope, call in calls:
            value = value_of_field(call, name, fields)
            if value is not None:
                self._take(value, scope)
            elif any(word.arg is None for word in call.keywords):
                self._found.add((of.module, f"{one.name}.{name}"))

    def _leave(self, node: ast.expr, scope: Scope) -> None:
        self._found.add((scope.module, ast.unparse(node)))
