"""What dbt adds to Jinja and sqlfluff lacks: `return`, `env_var`, `var`, `log`, the run.

sqlfluff loads this folder as its Jinja library; every name below is known in the templates.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml
from jinja2.runtime import Macro

# A name is written in Latin letters by a few dozen calls, each nested in the next; sqlfluff parses
# and pickles them by recursion.
sys.setrecursionlimit(20_000)

# Jinja macros give back text. dbt's may give back any value, and models loop over it.
# sqlfluff loads this module again for each file: the call must not be wrapped again each time.
_render_macro = getattr(Macro._invoke, "_of_jinja", Macro._invoke)  # noqa: SLF001

_variables: dict[str, object] = yaml.safe_load(
    Path(__file__).resolve().parents[2].joinpath("dbt_project.yml").read_text(encoding="utf-8")
)["vars"]


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

setattr(_invoke, "_of_jinja", _render_macro)  # noqa: B010
setattr(Macro, "_invoke", _invoke)  # noqa: B010
# A reserved word in Python, but not in Jinja.
globals()["return"] = _return
