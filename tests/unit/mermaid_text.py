"""Reads a Mermaid diagram as far as that is possible without Mermaid."""

from __future__ import annotations

import re
from typing import Final

KINDS: Final = (
    *("flowchart", "graph", "sequenceDiagram", "stateDiagram-v2", "erDiagram", "classDiagram"),
    *("gantt", "timeline", "gitGraph", "pie"),
)
DIRECTIONS: Final = frozenset({"TB", "TD", "BT", "LR", "RL"})
PAIRS: Final = {"(": ")", "[": "]", "{": "}"}
QUOTED: Final = re.compile(r'"[^"\n]*"')
ARROW: Final = re.compile(r"\s(?:--\s+\w+\s+-->|-->|---|-\.->|==>|~~~|<-->)(?:\|[^|\n]*\|)?\s")
# A name, and the shape of its box if there is one: ("..."), [/"..."/], {{"..."}} and so on.
NODE: Final = re.compile(r"(\w+)(?:[\[({/\\>]+[^\]})]*[\])}/\\]+)?")
# Entities of an erDiagram have crow's feet, which close nothing.
FEET: Final = re.compile(r"[|}o]{1,2}(?:--|\.\.)[|{o]{1,2}")


def problems_of(text: str) -> list[str]:
    """Return what is wrong with a diagram; nothing of it says that Mermaid draws it."""
    first, *rest = [line for line in text.splitlines() if line.strip()]
    kind, *words = first.split()
    found = []
    if kind not in KINDS:
        found.append(f"'{kind}' is no kind of diagram")
    if kind in ("flowchart", "graph"):
        if words[:1] and words[0] not in DIRECTIONS:
            found.append(f"'{words[0]}' is no direction")
        found += _of_flowchart(rest)
    for number, line in enumerate(rest, start=2):
        if line.count('"') % 2:
            found.append(f"line {number}: a quote is never closed")
    return found + _unbalanced(text)


def _of_flowchart(lines: list[str]) -> list[str]:
    found, depth = [], 0
    for line in (one.strip() for one in lines):
        word = line.partition(" ")[0]
        depth += (word == "subgraph") - (line == "end")
        if depth < 0:
            found.append("an end without its subgraph")
        if word == "subgraph" or line == "end":
            continue
        parts = [part.strip() for part in ARROW.split(QUOTED.sub("x", line))]
        found += [
            f"'{part}' is no node"
            for part in parts
            if not all(NODE.fullmatch(each.strip()) for each in part.split(" & "))
        ]
    return found + (["a subgraph without its end"] if depth > 0 else [])


def _unbalanced(text: str) -> list[str]:
    waiting: list[str] = []
    for sign in FEET.sub("", QUOTED.sub("", text)):
        if sign in PAIRS:
            waiting.append(PAIRS[sign])
        elif sign in PAIRS.values() and (not waiting or waiting.pop() != sign):
            return [f"'{sign}' closes nothing"]
    return [f"'{waiting[-1]}' is missing"] if waiting else []


def nodes_of(text: str) -> list[str]:
    """Return the names of the nodes of a flowchart, each once, as they come."""
    names: dict[str, None] = {}
    for line in (one.strip() for one in text.splitlines()[1:]):
        if line.startswith("subgraph") or line == "end" or not line:
            continue
        for part in ARROW.split(QUOTED.sub("x", line)):
            for each in part.split(" & "):
                if found := NODE.fullmatch(each.strip()):
                    names[found[1]] = None
    return list(names)
