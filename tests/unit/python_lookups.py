"""Which function a call means, which class an object is of: as far as names and types tell."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

from tests.unit.python_names import Function, Names, Scope

if TYPE_CHECKING:
    from collections.abc import Iterator
PLAIN_TYPES: Final = frozenset({"int", "float", "bool", "date", "datetime", "None"})


class Lookups:
    """What is meant by the calls and objects of some modules."""

    def __init__(self, names: Names) -> None:
        """Look into these modules."""
        self._names = names
        self._classes: dict[tuple[int, int], str] = {}

    def calls(self, scope: Scope) -> Iterator[tuple[Scope, ast.Call]]:
        """Return the calls of a function."""
        name = scope.in_class if scope.function == "__init__" else scope.function
        for alias in {name, *self._names.renamed[name]}:
            for of, call in self._names.calls[alias]:
                if any(one is scope for one in self.functions(call.func, of)):
                    yield of, call

    def sides_of(self, called: ast.expr, scope: Scope) -> list[ast.expr] | None:
        """Return the keys or the values of a dictionary that is written out."""
        if not isinstance(called, ast.Attribute):
            return None
        value = called.value
        bound = scope.bound.get(value.id, []) if isinstance(value, ast.Name) else [value]
        is_key, found = called.attr == "keys", []
        for one in bound:
            if isinstance(one, ast.DictComp):
                found.append(one.key if is_key else one.value)
            elif isinstance(one, ast.Dict) and None not in one.keys:
                found += [side for side in (one.keys if is_key else one.values) if side is not None]
            else:
                return None
        return found or None

    def functions(self, called: ast.expr, scope: Scope) -> list[Scope]:
        """Return the functions that a call may mean."""
        if isinstance(called, ast.Name):
            module, name = self._names.origin(scope.module, called.id)
            every = [*self._names.functions[name], *self._makers(name)]
            return [one for one in every if one.module == module and _is_in_reach(one, name)]
        if not isinstance(called, ast.Attribute):
            return []
        owner = self.class_of(called.value, scope)
        found = self._names.functions[called.attr]
        if isinstance(called.value, ast.Name):
            module = ".".join(self._names.origin(scope.module, called.value.id))
            if module in self._names.modules:
                return [one for one in found if one.module == module and not one.in_class]
            if (scope.module, called.value.id) in self._names.imports:
                # A class, or a module of others.
                return [one for one in found if one.in_class == module.rpartition(".")[2]]
        if owner:
            return [one for one in found if one.in_class in self._with_bases(owner)]
        return [one for one in found if one.in_class]

    def _makers(self, name: str) -> list[Scope]:
        return [one for one in self._names.functions["__init__"] if one.in_class == name]

    def _with_bases(self, name: str) -> set[str]:
        bases = {
            base.id
            for _, one in self._names.classes[name]
            for base in one.bases
            if isinstance(base, ast.Name) and base.id != name
        }
        return {name}.union(*(self._with_bases(base) for base in bases))

    def class_of(self, node: ast.expr, scope: Scope) -> str:
        """Return the class of an object, where its name, its type or its making says so."""
        key = (id(node), id(scope))
        if key not in self._classes:
            # Who asks again meanwhile goes in a circle.
            self._classes[key] = ""
            self._classes[key] = self._find_class(node, scope)
        return self._classes[key]

    def _find_class(self, node: ast.expr, scope: Scope) -> str:
        if isinstance(node, ast.Name):
            return self._of_name(node.id, scope)
        if isinstance(node, ast.Attribute):
            return self._of_attribute(node, scope)
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name) and self._names.classes[node.func.id]:
                return node.func.id
            returns = [one.node for one in self.functions(node.func, scope)]
            if len(returns) == 1 and isinstance(returns[0], Function):
                return self._named_class(returns[0].returns)
        return ""

    def _of_attribute(self, node: ast.Attribute, scope: Scope) -> str:
        owner = self.class_of(node.value, scope)
        for of, value in self._names.fields.get((owner, node.attr), ())[:1]:
            return self.class_of(value, of)
        for _, one in self._names.classes.get(owner, ()):
            for member in one.body:
                if isinstance(member, Function) and member.name == node.attr:
                    return self._named_class(member.returns)
                if isinstance(member, ast.AnnAssign) and is_named(member, node.attr):
                    return self._named_class(member.annotation)
        return ""

    def _of_name(self, name: str, scope: Scope) -> str:
        here: Scope | None = scope
        while here is not None:
            if name in {"self", "cls"} and here.in_class:
                return here.in_class
            if name in here.parameters:
                return self._named_class(here.parameters[name].annotation)
            if name in here.bound:
                return self.class_of(here.bound[name][0], here)
            here = here.outer
        return ""

    def _named_class(self, annotation: ast.expr | None) -> str:
        words = re.findall(r"\w+", ast.unparse(annotation)) if annotation is not None else []
        known = [one for one in words if self._names.classes.get(one)]
        return known[0] if len(known) == 1 else (words[0] if len(words) == 1 else "")


def _is_in_reach(one: Scope, name: str) -> bool:
    """Say whether a plain name can mean a function: no method, but what makes an object."""
    return not one.in_class or (one.function == "__init__" and one.in_class == name)


def is_named(member: ast.AnnAssign, name: str) -> bool:
    return isinstance(member.target, ast.Name) and member.target.id == name


def given_to(call: ast.Call, name: str, scope: Scope) -> Iterator[ast.expr]:
    """Return what a call gives for a parameter."""
    names = [one for one in scope.parameters if not (scope.in_class and one in {"self", "cls"})]
    yield from (one.value for one in call.keywords if one.arg == name or one.arg is None)
    arguments = scope.node.args if isinstance(scope.node, Function) else None
    if arguments is not None and arguments.vararg and arguments.vararg.arg == name:
        yield from call.args[len(arguments.args) - bool(scope.in_class) :]
    elif name in names and names.index(name) < len(call.args):
        yield call.args[names.index(name)]


def value_of_field(call: ast.Call, name: str, fields: list[str]) -> ast.expr | None:
    """Return what a call gives for a field; none where it leaves the field as it is."""
    for word in call.keywords:
        if word.arg == name:
            return word.value
    place = fields.index(name)
    return call.args[place] if place < len(call.args) else None


def is_plain(annotation: ast.expr | None) -> bool:
    """Say whether values of a type are no texts but numbers, times, or one of a list."""
    if annotation is None:
        return False
    names = {one.strip() for one in ast.unparse(annotation).split("|")}
    return names <= PLAIN_TYPES or all(one.startswith("Literal[") for one in names)
