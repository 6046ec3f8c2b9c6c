"""Kinds of small cases that were once wrong, each in two languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.kinds import Case, Outcome, read_cases, resolve_cases

if TYPE_CHECKING:
    from collections.abc import Callable

    from _pytest.mark import ParameterSet

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def resolved(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Outcome]:
    """Resolve the cases of an entity when the first of them is asked for."""
    outcomes: dict[str, Outcome] = {}

    def outcome(entity: str) -> Outcome:
        if entity not in outcomes:
            outcomes[entity] = resolve_cases(entity, tmp_path_factory.mktemp(entity))
        return outcomes[entity]

    return outcome


def marked(entity: str) -> list[ParameterSet]:
    """Return the cases; those that are still wrong have a mark."""
    return [
        pytest.param(
            case,
            id=case.name,
            marks=[pytest.mark.xfail(reason=case.still_wrong, strict=True)]
            if case.still_wrong
            else [],
        )
        for case in read_cases(entity)
    ]


@pytest.mark.parametrize("case", marked("people"))
def test_people(case: Case, resolved: Callable[[str], Outcome]) -> None:
    """One id per person of the case, and no other record has it."""
    assert resolved("people").faults(case) == []


@pytest.mark.parametrize("case", marked("companies"))
def test_companies(case: Case, resolved: Callable[[str], Outcome]) -> None:
    """One id per company of the case, and no other record has it."""
    assert resolved("companies").faults(case) == []


@pytest.mark.parametrize("entity", ["people", "companies"])
def test_every_kind_is_there_in_two_languages(entity: str) -> None:
    """The list of kinds holds what it promises, and no case twice."""
    names = [case.name for case in read_cases(entity)]
    kinds = [name.rpartition(" (")[0] for name in names]
    assert len(set(names)) == len(names)
    assert {kind for kind in kinds if kinds.count(kind) < 2} == set()
