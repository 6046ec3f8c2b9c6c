"""`concord models`, `train`, `compare` and `promote`: versions of the matching model."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import MagicMock

import pytest

from orchestrator.cli import execute
from orchestrator.settings.values import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from google.cloud.bigquery import ScalarQueryParameter

TRAINED: Final = datetime(2026, 3, 1, 2, tzinfo=UTC)
PROMOTED: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)


class KeptModels:
    """The versions that are kept and the promotions, as the statements read and write them."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.versions = ["m2", "m1"]
        self.promotions: list[tuple[str, datetime]] = [("m1", PROMOTED)]

    def table_names(self, _: str) -> frozenset[str]:
        return frozenset({"match_models", "match_model_promotions"} if self.versions else ())

    def table_id(self, dataset: str, name: str) -> str:
        return f"{dataset}.{name}"

    def query(self, sql: str, *given: ScalarQueryParameter) -> list[dict[str, Any]]:
        if "insert into" in sql:
            values = {one.name: one.value for one in given}
            assert values["before"] == self.promotions[-1][0]
            self.promotions.append((str(values["version"]), PROMOTED.replace(day=3)))
            return []
        if "promotions.promoted_at" not in sql:
            return [{"model_version": name} for name, _ in reversed(self.promotions)]
        promoted = dict(self.promotions)
        return [
            {
                "model_version": version,
                "entity": entity,
                "run_id": None,
                "trained_at": TRAINED,
                "n_records": 1000,
                "expected_f1": score,
                "promoted_at": promoted.get(version),
            }
            for version in self.versions
            for entity, score in (("company", None), ("person", 0.9))
        ]


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> KeptModels:
    monkeypatch.setenv("CONCORD_PROJECT_DIR", str(tmp_path))
    found = KeptModels(Settings(project_dir=tmp_path))
    monkeypatch.setattr("orchestrator.bigquery.connect.connect", lambda *_: found)
    monkeypatch.setattr("orchestrator.sources.own_tables.ensure_own_tables", lambda *_: None)
    return found


def test_versions_are_listed_with_the_one_that_runs_use(
    kept: KeptModels, capsys: pytest.CaptureFixture[str]
) -> None:
    assert execute(["models"]) == 0
    _, newest, used = capsys.readouterr().out.splitlines()
    assert newest.split()[0] == "m2"
    assert "used by runs" not in newest
    assert used.split()[0] == "m1"
    assert "2026-03-02 09:00" in used
    assert "90.0%" in used
    assert used.endswith("used by runs")
    assert execute(["models", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)["models"]
    assert [one["is_promoted"] for one in listed] == [False, True]
    kept.versions = []
    assert execute(["models"]) == 0
    assert "There is none yet" in capsys.readouterr().out


def test_the_promoted_version_is_told_alone(
    kept: KeptModels, capsys: pytest.CaptureFixture[str]
) -> None:
    assert execute(["models", "--promoted"]) == 0
    assert capsys.readouterr().out == "m1\n"
    kept.versions = []
    assert execute(["models", "--promoted", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"model_version": "train"}


def test_a_version_is_promoted_and_replaces_another(
    kept: KeptModels, capsys: pytest.CaptureFixture[str]
) -> None:
    assert execute(["promote", "m2", "--by", "ann", "--yes"]) == 0
    assert capsys.readouterr().out == "Promoted m2; it replaces m1.\n"
    assert [version for version, _ in kept.promotions] == ["m1", "m2"]
    assert execute(["promote", "m2", "--yes"]) == 0
    assert capsys.readouterr().out == "m2 is promoted already.\n"
    assert len(kept.promotions) == 2
    assert execute(["promote", "m1", "--yes", "--json"]) == 0
    replaced = json.loads(capsys.readouterr().out)
    assert replaced == {"model_version": "m1", "replaced_version": "m2"}


@pytest.mark.parametrize(
    ("answer", "code", "words"), [("n\n", 1, "Nothing was promoted."), ("", 2, "--yes promotes")]
)
def test_nothing_is_promoted_without_a_yes(
    kept: KeptModels,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    answer: str,
    code: int,
    words: str,
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(answer))
    assert execute(["promote", "m2"]) == code
    assert words in capsys.readouterr().err
    assert len(kept.promotions) == 1


def test_a_version_that_is_not_known_is_not_promoted(
    kept: KeptModels, capsys: pytest.CaptureFixture[str]
) -> None:
    assert execute(["promote", "m3", "--yes"]) == 2
    told = capsys.readouterr().err
    assert "there is no version m3" in told
    assert "concord models" in told
    assert len(kept.promotions) == 1


def test_a_training_says_what_comes_next(
    kept: KeptModels, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = []

    def built(connection: object, _: object, version: str | None) -> str:
        assert connection is kept
        asked.append(version)
        return version or "m3"

    monkeypatch.setattr("orchestrator.models.candidate.build_candidate", built)
    assert execute(["train"]) == 0
    told = capsys.readouterr().out
    assert "m3, trained in concord_candidate_..." in told
    assert "concord promote m3" in told
    assert execute(["train", "--version", "m1", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["model_version"], document["dataset"]) == ("m1", "concord_candidate")
    assert asked == [None, "m1"]


@pytest.mark.parametrize("too_many", [False, True])
def test_a_comparison_ends_with_a_code_that_a_gate_can_read(
    kept: KeptModels,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    too_many: bool,
) -> None:
    calls: list[Any] = []

    def compare(sides: object, allowed: float) -> MagicMock:
        calls.append((sides, allowed))
        return MagicMock(too_many=too_many)

    for name, answer in {
        "sides.find_state": lambda _, state: f"state {state}",
        "sides.find_versions": lambda _, old, new: f"{old} and {new}",
        "compare.compare_builds": compare,
        "compare.document": lambda _: {"n": 1},
        "compare_text.as_markdown": lambda _: "| a |",
        "compare_text.as_text": lambda _: "words",
    }.items():
        monkeypatch.setattr(f"orchestrator.models.{name}", answer)
    code = int(too_many)
    assert execute(["compare", "m1", "m2"]) == code
    assert execute(["compare", "--state", "prod", "--markdown", "--max-id-changes", "0.5"]) == code
    assert execute(["compare", "--json"]) == code
    told = capsys.readouterr().out
    assert told.startswith("words\n| a |\n")
    assert json.loads(told.removeprefix("words\n| a |\n")) == {"n": 1}
    allowed = kept.settings.max.id_changes
    assert calls == [("m1 and m2", allowed), ("state prod", 0.5), ("None and None", allowed)]
    assert execute(["compare", "m1", "--state", "prod"]) == 2
    assert "leave the versions out" in capsys.readouterr().err
