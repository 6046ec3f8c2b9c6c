"""The declaration of the sources: complete, and the only place that lists them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from orchestrator.settings.registry import declared_sources, staging_models
from orchestrator.sources.source_schemas import read_raw_tables

ROOT: Final = Path(__file__).resolve().parents[2]
# The demo invents the data of each source; tests and documents speak of some of them.
PLACES: Final = (".github", "infrastructure", "macros", "models", "orchestrator", "seeds")
OWN_PLACES: Final = ("orchestrator/demo", "models/staging", "seeds/entities", "seeds/staging")
TEXTS: Final = {".sql", ".yml", ".py", ".tf", ".hcl", ".csv", ".j2"}


def test_every_raw_table_is_declared_with_a_staging_model_that_there_is() -> None:
    declared = staging_models(ROOT)
    assert {f"{source}.{table}" for source, table in declared} == set(read_raw_tables(ROOT))
    assert {source for source, _ in declared} == set(declared_sources(ROOT))
    for (source, table), model in declared.items():
        folder = ROOT / "models" / "staging" / source
        assert (folder / f"base_{source}__{table}.sql").is_file()
        assert (folder / f"{model}.sql").is_file()


def test_no_other_place_lists_the_sources() -> None:
    names = set(declared_sources(ROOT))
    found = []
    for path in (path for place in PLACES for path in (ROOT / place).rglob("*")):
        name = path.relative_to(ROOT).as_posix()
        if path.suffix in TEXTS and not name.startswith(OWN_PLACES):
            words = set(re.findall(r"[a-z]+", path.read_text(encoding="utf-8").lower()))
            if len(names & words) > 2:
                found.append(f"{name}: {sorted(names & words)}")
    assert found == []
