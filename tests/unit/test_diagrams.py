"""Every diagram of the documents reads as one, and those of the architecture name what exists."""

from __future__ import annotations

import re
from typing import Final

import pytest

from orchestrator.cli import COMMANDS
from tests.unit.document_texts import ROOT, Block, blocks, documents, read
from tests.unit.mermaid_text import nodes_of, problems_of
from tests.unit.test_rooms import ROOMS

PAGE: Final = ROOT / "docs" / "architecture.md"
DIAGRAMS: Final = [
    pytest.param(block, id=f"{path.relative_to(ROOT)}:{block.line}")
    for path in documents()
    for block in blocks(path, "mermaid")
]
# What is outside of Concord.
OUTSIDE: Final = {"connectors", "files", "file", "callers"}


def architecture() -> tuple[str, str, str]:
    """Return the three pictures: data, night, Python."""
    data, night, python = (block.text for block in blocks(PAGE, "mermaid"))
    return data, night, python


def folders(*parts: str) -> set[str]:
    """Return the names of the folders in a folder."""
    return {path.name for path in ROOT.joinpath(*parts).iterdir() if path.is_dir()}


def datasets() -> set[str]:
    """Return the last parts of the names of all datasets, by Terraform."""
    text = read(ROOT / "infrastructure" / "terraform" / "locals.tf")
    return set(re.findall(r'"\$\{var\.dataset\}_(\w+)"', text))


def steps() -> set[str]:
    """Return the steps that a run goes through, by the code."""
    modules = [ROOT / "orchestrator" / "serving" / "build.py"]
    modules += (ROOT / "orchestrator" / "run").glob("*.py")
    return {name for path in modules for name in re.findall(r'\.step\("(\w+)"', read(path))}


@pytest.mark.parametrize("block", DIAGRAMS)
def test_a_diagram_reads_as_one(block: Block) -> None:
    assert problems_of(block.text) == []


def test_boxes_of_the_data_are_layers_and_commands() -> None:
    data, _, _ = architecture()
    commands = set(re.findall(r'(\w+)\(\["concord (\w+)"\]\)', data))
    assert all(node == name for node, name in commands)
    named = {name for _, name in commands}
    assert named <= set(COMMANDS)
    layers = set(nodes_of(data)) - named - OUTSIDE - {"raw"}
    assert layers <= datasets()
    # The layers that models fill, all of them, in their order.
    assert folders("models") <= layers
    order = ["staging", "standardized", "matching", "entities", "marts", "published"]
    assert [node for node in nodes_of(data) if node in order] == order


def test_boxes_of_the_night_are_its_steps() -> None:
    _, night, _ = architecture()
    boxes = nodes_of(night)
    # `upload` stands in the box of the snapshot, `selection` is of a retry alone.
    assert set(boxes) - {"lock", "gates"} == steps() - {"upload", "selection"}
    source = read(ROOT / "orchestrator" / "run" / "night.py")
    calls = [source.index(f"{name}(run") for name in ("_preflight", "_freshness", "_build")]
    assert calls == sorted(calls)
    assert boxes.index("preflight") < boxes.index("freshness") < boxes.index("build")


def test_boxes_of_the_python_are_its_rooms_in_their_order() -> None:
    _, _, python = architecture()
    levels = set(re.findall(r"subgraph (\w+)", python))
    assert [node for node in nodes_of(python) if node not in levels] == list(ROOMS)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("flowhcart LR\n    a --> b\n", "'flowhcart' is no kind of diagram"),
        ("flowchart LR\n    a[one --> b\n", "']' is missing"),
        ('flowchart LR\n    a["one] --> b\n', "line 2: a quote is never closed"),
        ("flowchart LR\n    subgraph x\n    a --> b\n", "a subgraph without its end"),
        ("flowchart XX\n    a --> b\n", "'XX' is no direction"),
        ("flowchart LR\n    a -> b\n", "'a -> b' is no node"),
    ],
)
def test_a_broken_diagram_is_found(text: str, problem: str) -> None:
    assert problem in problems_of(text)
