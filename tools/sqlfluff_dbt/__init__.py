"""What dbt adds to Jinja and sqlfluff lacks: `return`, `env_var`, `var`, `log`, the run.

sqlfluff loads this folder as its Jinja library; every name below is known in the templates.
"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml
from jinja2.runtime import Macro
from sqlfluff.core import FluffConfig
from sqlfluff.core.templaters.jinja import JinjaTemplater

# A name is written in Latin letters by a few dozen calls, each nested in the next; sqlfluff parses
# and pickles them by recursion.
sys.setrecursionlimit(20_000)

# Jinja macros give back text. dbt's may give back any value, and models loop over it.
_render_macro = Macro._invoke  # noqa: SLF001

_variables: dict[str, object] = yaml.safe_load(
    Path(__file__).resolve().parents[2].joinpath("dbt_project.yml").read_text(encoding="utf-8")
)["vars"]


# sqlfluff loads this module and all macros anew for each file, which is a third of its time.
_load_macros = JinjaTemplater._extract_macros  # noqa: SLF001
_loaded: dict[str, dict[str, Any]] = {}


def _macros(templater: JinjaTemplater, config: FluffConfig, **options: Any) -> dict[str, Any]:  # noqa: ANN401
    settings = config.get_section((templater.templater_selector, templater.name))
    # Macros are loaded twice, the second time with the names of all others.
    key = json.dumps([settings, config.get("encoding"), sorted(options["ctx"])], default=str)
    if key not in _loaded:
        _loaded[key] = _load_macros(templater, config=config, **options)
    return dict(_loaded[key])


def _library(templater: JinjaTemplater, config: FluffConfig) -> dict[str, Any]:  # noqa: ARG001
    return {name: value for name, value in globals().items() if not name.startswith("__")}


class _Returned(BaseException):
    """Carries the value of a `return` out of its macro, past every handler of errors."""

    def __init__(self, value: object) -> None:
        super().__init__()
        self.value = value


def _invoke(macro: Macro, arguments: list[Any], autoescape: bool) -> Any:  # noqa: ANN401, FBT001
    try:
        return _render_macro(macro, arguments, autoescape)
    except _Returned as returned:
        return returned.value


def _return(value: object = None) -> None:
    raise _Returned(value)


def env_var(name: str, default: str = "") -> str:  # noqa: ARG001
    """The default: the linter must not depend on who runs it."""
    return default


def var(name: str, default: object = "item") -> object:
    """The value in dbt_project.yml; a text is whatever it is rendered to."""
    value = _variables.get(name, default)
    return "item" if isinstance(value, str) else value


def log(message: object, info: bool = False) -> str:  # noqa: ARG001, FBT001, FBT002
    """Nothing, as in dbt."""
    return ""


# The linter must not depend on when it runs.
invocation_id = "00000000-0000-0000-0000-000000000000"
run_started_at = datetime(2000, 1, 1, tzinfo=UTC)

setattr(Macro, "_invoke", _invoke)  # noqa: B010
setattr(JinjaTemplater, "_extract_macros", _macros)  # noqa: B010
setattr(JinjaTemplater, "_extract_libraries_from_config", _library)  # noqa: B010
# A reserved word in Python, but not in Jinja.
globals()["return"] = _return
