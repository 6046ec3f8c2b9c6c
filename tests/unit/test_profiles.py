"""The targets of profiles.yml."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import jinja2
import pytest
import yaml
from dbt.adapters.bigquery.credentials import BigQueryCredentials

from orchestrator.settings.values import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT: Final = Path(__file__).resolve().parents[2]


def rendered_profile(variables: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Render profiles.yml as dbt does and return its targets."""

    def env_var(name: str, default: str) -> str:
        return variables.get(name, default)

    def render(value: object) -> object:
        if not isinstance(value, str) or "{{" not in value:
            return value
        text = environment.from_string(value).render(env_var=env_var)
        return int(text) if "as_number" in value else text

    environment = jinja2.Environment(autoescape=False)  # noqa: S701 - no page is made
    environment.filters["as_number"] = int
    profile = yaml.safe_load((ROOT / "profiles.yml").read_text(encoding="utf-8"))["concord"]
    return {
        target: {key: render(value) for key, value in output.items()}
        for target, output in profile["outputs"].items()
    }


@pytest.mark.parametrize("target", ["local", "dev", "ci", "prod"])
def test_a_profile_is_what_the_adapter_accepts(target: str) -> None:
    output = rendered_profile({})[target]
    values = {key: value for key, value in output.items() if key not in {"type", "threads"}}
    values = BigQueryCredentials.translate_aliases(values)
    BigQueryCredentials.validate(values)
    credentials = BigQueryCredentials.from_dict(values)
    assert credentials.job_execution_timeout_seconds
    assert credentials.job_creation_timeout_seconds == 60
    assert credentials.maximum_bytes_billed
    assert credentials.job_retries == 2
    assert (credentials.api_endpoint is not None) == (target == "local")


def test_trial_targets_may_read_less_than_production() -> None:
    caps = {name: output["maximum_bytes_billed"] for name, output in rendered_profile({}).items()}
    assert caps["dev"] <= caps["ci"] < caps["prod"]
    set_by_hand = rendered_profile({"CONCORD_MAXIMUM_BYTES_BILLED": "7"})
    assert {output["maximum_bytes_billed"] for output in set_by_hand.values()} == {7}


@pytest.mark.parametrize(("target", "threads"), [("prod", 8), ("ci", 4), ("dev", 4), ("local", 1)])
def test_what_concord_hands_on_leaves_the_threads_to_the_profile(
    target: str, threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CONCORD_THREADS", raising=False)
    settings = Settings(project_dir=ROOT, target=target)
    assert rendered_profile(settings.environment())[target]["threads"] == threads
    by_hand = settings.with_changes(threads=3).environment()
    assert rendered_profile(by_hand)[target]["threads"] == 3
