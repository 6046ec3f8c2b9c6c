"""A model that others read says what it holds, keeps its columns, and has a key that is tested."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import yaml

ROOT: Final = Path(__file__).resolve().parents[2]
KEY_TESTS: Final = frozenset({"one_row_per", "unique", "unique_combination"})
GRAIN: Final = ("One row per ", "One row for ")


def models() -> dict[str, dict[str, Any]]:
    """Return what the models files say of each model."""
    files = sorted((ROOT / "models").rglob("_*__models.yml"))
    contents = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in files]
    return {model["name"]: model for content in contents for model in content.get("models") or ()}


def public_models() -> dict[str, dict[str, Any]]:
    """Return the models with `access: public`."""
    return {name: model for name, model in models().items() if config(model, "access") == "public"}


def config(model: dict[str, Any], key: str) -> Any:  # noqa: ANN401 - values of any config
    """Return a config that the models file sets."""
    return model.get("config", {}).get(key)


def generic_tests(model: dict[str, Any]) -> set[str]:
    """Return the names of the generic tests of a model and its columns."""
    entries = [model, *model.get("columns", ())]
    tests = [test for entry in entries for test in entry.get("data_tests", ())]
    return {test if isinstance(test, str) else next(iter(test)) for test in tests}


def test_what_is_published_is_public() -> None:
    published = {
        name for name, model in models().items() if (config(model, "meta") or {}).get("published")
    }
    assert len(published) > 5
    assert published <= set(public_models())


def test_every_mart_is_public_unless_its_name_says_that_it_is_a_step() -> None:
    marts = {path.stem for path in (ROOT / "models" / "marts").rglob("*.sql")}
    assert {name for name in marts if not name.startswith("int_")} <= set(public_models())
    assert not [name for name in public_models() if name.startswith(("int_", "base_"))]


def test_a_public_model_states_its_grain_and_describes_every_column() -> None:
    wrong = [
        name
        for name, model in public_models().items()
        if not model["description"].startswith(GRAIN)
        or not all(column.get("description") for column in model["columns"])
    ]
    assert wrong == []


def test_a_public_model_has_a_contract_with_every_type() -> None:
    wrong = [
        name
        for name, model in public_models().items()
        if config(model, "contract") != {"enforced": True}
        or not all(column.get("data_type") for column in model["columns"])
    ]
    assert wrong == []


def test_the_key_of_a_public_model_is_tested() -> None:
    wrong = [
        name for name, model in public_models().items() if not generic_tests(model) & KEY_TESTS
    ]
    assert wrong == []


def test_every_exposure_names_models_that_there_are() -> None:
    path = ROOT / "models" / "marts" / "_exposures.yml"
    exposures = yaml.safe_load(path.read_text(encoding="utf-8"))["exposures"]
    assert {one["name"] for one in exposures} >= {"report", "resolve", "metrics"}
    published = {
        f"ref('{name}')"
        for name, model in models().items()
        if (config(model, "meta") or {}).get("published")
    }
    [copies] = [one["depends_on"] for one in exposures if one["name"] == "published_dataset"]
    assert set(copies) == published
