"""Documents are true: commands, options, targets, variables and anchors that they name exist."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

import click
import pytest

from orchestrator.cli import COMMANDS, concord
from orchestrator.settings.known_variables import DBT_VARIABLES, variables_of
from orchestrator.settings.values import Settings
from tests.unit.document_texts import ROOT, anchor, code_of, documents, headings, read

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COMMAND: Final = re.compile(r"(?<![\w./:@=-])concord +([a-z][a-z-]*)(?![\w./=-])")
QUOTED: Final = re.compile(r"(?<=[ =])(?:\"[^\"]*\"|'[^']*')")
# Where what belongs to a command ends.
END_OF_COMMAND: Final = re.compile(r" #|[;&|)\]'\"`]")
OPTION: Final = re.compile(r"(?<![\w-])(--?[a-z][a-z-]*)")
TARGET: Final = re.compile(r"(?<![\w./-])make +([a-z][a-z-]*)")
VARIABLE: Final = re.compile(r"(?<![A-Z_])CONCORD_[A-Z_]*")


@cache
def command(name: str) -> click.Command:
    """Return a command of `concord`."""
    found = concord.get_command(click.Context(concord), name)
    assert found is not None
    return found


def options_of(one: click.Command) -> set[str]:
    """Return every spelling of every option of a command."""
    parameters = [*one.params, *concord.params]
    named = {name for each in parameters for name in (*each.opts, *each.secondary_opts)}
    return {*named, "--help", "-h", "--version"}


def commands_named(text: str) -> Iterator[tuple[str, str]]:
    """Yield the commands of `concord` in a piece of code, with what follows each of them."""
    found = list(COMMAND.finditer(text))
    for number, one in enumerate(found, start=1):
        end = found[number].start() if number < len(found) else len(text)
        # What stands in quotes is a value.
        rest = QUOTED.sub("", text[one.end() : end])
        yield one[1], END_OF_COMMAND.split(rest, maxsplit=1)[0]


def wrong_in(name: str, rest: str) -> list[str]:
    """Return what does not exist of a command and its options."""
    if name not in COMMANDS:
        return [f"concord {name}"]
    one = command(name)
    if isinstance(one, click.Group):
        word = re.match(r" +([a-z][a-z-]*)", rest)
        if word and word[1] not in one.commands:
            return [f"concord {name} {word[1]}"]
        if word:
            one = one.commands[word[1]]
    if one.context_settings.get("ignore_unknown_options"):
        return []
    known = options_of(one)
    return [f"concord {name} {option}" for option in OPTION.findall(rest) if option not in known]


def test_every_command_and_option_exists() -> None:
    seen, wrong = 0, []
    for path in documents():
        for text in code_of(path):
            for name, rest in commands_named(text):
                seen += 1
                wrong += [f"{path.relative_to(ROOT)}: {one}" for one in wrong_in(name, rest)]
    assert wrong == []
    assert seen > 300


def makefile_targets() -> set[str]:
    """Return the targets that `make` lists."""
    return set(re.findall(r"^([a-z-]+):.*##", read(ROOT / "Makefile"), re.MULTILINE))


def test_every_target_of_make_exists() -> None:
    targets, seen, wrong = makefile_targets(), 0, []
    for path in documents():
        for text in code_of(path):
            for name in TARGET.findall(text):
                seen += 1
                if name not in targets:
                    wrong.append(f"{path.relative_to(ROOT)}: make {name}")
    assert wrong == []
    assert seen > 50


def known_variables() -> set[str]:
    """Return the variables that Concord, dbt, or the workflows of the repository read."""
    names = {*variables_of(Settings), *(variable.name for variable in DBT_VARIABLES)}
    workflows = (ROOT / ".github" / "workflows").glob("*.yml")
    return names | {name for path in workflows for name in VARIABLE.findall(read(path))}


def is_known_variable(name: str, known: set[str]) -> bool:
    """Say whether a name, or the beginning of names, is that of a variable."""
    return name in known or (name.endswith("_") and any(one.startswith(name) for one in known))


def test_every_variable_exists() -> None:
    known, seen, wrong = known_variables(), 0, []
    # The history may name what is gone.
    for path in (one for one in documents() if one.name != "CHANGELOG.md"):
        for name in VARIABLE.findall(read(path)):
            seen += 1
            if not is_known_variable(name, known):
                wrong.append(f"{path.relative_to(ROOT)}: {name}")
    assert wrong == []
    assert seen > 150


def functions_of_tests() -> set[str]:
    """Return the names of all test functions of Python."""
    paths = (ROOT / "tests").rglob("test_*.py")
    return {name for path in paths for name in re.findall(r"^def (test_\w+)", read(path), re.M)}


def test_every_test_that_is_named_exists() -> None:
    functions = functions_of_tests()
    modules = {path.stem for path in (ROOT / "tests").rglob("test_*.py")}
    seen, wrong = 0, []
    for path in documents():
        for name in re.findall(r"\b(test_\w+)\b(?!\*)", "\n".join(code_of(path))):
            seen += 1
            if name not in functions | modules:
                wrong.append(f"{path.relative_to(ROOT)}: {name}")
    assert wrong == []
    assert seen > 100


def anchors_of(path: Path) -> set[str]:
    """Return the anchors of a document, as GitHub makes them."""
    return {anchor(heading) for level in range(1, 7) for heading in headings(path, level)}


def test_every_anchor_of_a_link_is_a_heading() -> None:
    wrong = []
    for path in documents():
        for target, name in re.findall(r"\]\(([^)#\s]*)#([^)\s]+)\)", read(path)):
            if "://" in target:
                continue
            other = (path.parent / target) if target else path
            if other.suffix == ".md" and name not in anchors_of(other):
                wrong.append(f"{path.relative_to(ROOT)}: {target}#{name}")
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("concord run --select x", []),
        ("concord runn", ["concord runn"]),
        ("concord run --selekt x  # as ever", ["concord run --selekt"]),
        ("concord alerts test", []),
        ("concord alerts tset", ["concord alerts tset"]),
        ("concord dbt ls --resource-type test", []),
        ("run 'concord health' or concord plan --counted", ["concord plan --counted"]),
        ("cd /srv/concord && concord health --json", []),
        ("concord decide A B same --reason 'see --why'", []),
    ],
)
def test_what_does_not_exist_is_found(text: str, wrong: list[str]) -> None:
    assert [one for name, rest in commands_named(text) for one in wrong_in(name, rest)] == wrong


@pytest.mark.parametrize(
    ("heading", "name"),
    [("What `concord run` asks", "what-concord-run-asks"), ("Is it plausible?", "is-it-plausible")],
)
def test_an_anchor_is_written_as_github_writes_it(heading: str, name: str) -> None:
    assert anchor(heading) == name


def test_a_misspelt_variable_is_found() -> None:
    known = known_variables()
    assert is_known_variable("CONCORD_RETRY_", known)
    assert not is_known_variable("CONCORD_RETRI_", known)
    assert not is_known_variable("CONCORD_TARGETS", known)
