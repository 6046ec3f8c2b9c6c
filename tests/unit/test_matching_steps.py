"""The matching says of itself what it is: its steps, and the levels of its comparisons."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[2]
PAGE: Final = ROOT / "docs/model/matching.md"
COMPARISONS: Final = ROOT / "macros/matching/comparison"
CONFIG: Final = re.compile(r"\{\{ config\(.*?\) \}\}\n", re.DOTALL)
COMMENT: Final = re.compile(r"^--.*\n", re.MULTILINE)
ONE_CALL: Final = re.compile(r"\{\{ \w+\(.*\) \}\}", re.DOTALL)
STEP: Final = re.compile(r"^-- Step (\d\.\d+) of docs/model/matching\.md: ", re.MULTILINE)
ROW: Final = re.compile(r"^\| (\d\.\d+) \| `(\w+)` \|", re.MULTILINE)
REFERENCE: Final = re.compile(r"\bref\('(\w+)'\)")
LEVEL: Final = re.compile(r"(?<![-\d])(\d) [a-z]")
CALL: Final = re.compile(r"'name': '(\w+)',\s+'level': (compare_\w+)\(")


def models() -> list[Path]:
    """Return the models of the matching that are one call of a macro."""
    paths = sorted((ROOT / "models").rglob("*.sql"))
    return [
        path
        for path in paths
        if "matching" in path.parts or path.stem.endswith("blocking_yield")
        if ONE_CALL.fullmatch(
            COMMENT.sub("", CONFIG.sub("", path.read_text(encoding="utf-8"))).strip()
        )
    ]


def twin(name: str) -> str:
    """Return the name of the same model for people."""
    return name.replace("company", "person")


def place(step: str) -> tuple[int, ...]:
    """Return where a step stands: 8.10 comes after 8.9."""
    return tuple(map(int, step.split(".")))


def test_every_model_of_one_call_says_which_step_it_is() -> None:
    rows = set(ROW.findall(PAGE.read_text(encoding="utf-8")))
    assert len(models()) > 50
    wrong = []
    for path in models():
        step = STEP.search(path.read_text(encoding="utf-8"))
        twins = {path.stem, twin(path.stem)}
        if step is None or not any((step[1], name) in rows for name in twins):
            wrong.append(path.stem)
    assert wrong == []


def test_a_step_reads_only_steps_before_it() -> None:
    rows = {name: step for step, name in ROW.findall(PAGE.read_text(encoding="utf-8"))}
    assert len(set(rows.values())) == len(rows), "two rows have one number"
    texts = {
        path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "models").rglob("*.sql")
    }
    wrong = []
    for name, text in texts.items():
        step = rows.get(twin(name), rows.get(name))
        if step is None:
            continue
        if STEP.findall(text) != [step]:
            wrong.append(f"{name} does not say that it is step {step}")
        # Companies are resolved first, so a step of people may read any of theirs.
        other = "company" if "person" in name else "person"
        for read in set(REFERENCE.findall(text)) - {name}:
            before = None if other in read else rows.get(twin(read), rows.get(read))
            if before is not None and place(before) >= place(step):
                wrong.append(f"{name}, step {step}, reads {read}, step {before}")
    assert wrong == []


@pytest.mark.parametrize("entity", ["person", "company"])
def test_the_levels_of_a_macro_have_a_row_each(entity: str) -> None:
    text = (COMPARISONS / f"{entity}_model.sql").read_text(encoding="utf-8")
    calls = dict(CALL.findall(text))
    assert len(calls) == text.count("'name'")
    with (ROOT / "seeds/matching/default_match_parameters.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["entity"] == entity]
    for comparison, macro in calls.items():
        source = (COMPARISONS / "levels" / f"{macro}.sql").read_text(encoding="utf-8")
        said = source.removeprefix("{#- Levels:").partition("-1")[0]
        assert said != source, f"{macro} does not begin with its levels"
        levels = {row["level"] for row in rows if row["comparison"] == comparison}
        assert set(LEVEL.findall(re.sub(r"\([^)]*\)", "", said))) == levels, macro
