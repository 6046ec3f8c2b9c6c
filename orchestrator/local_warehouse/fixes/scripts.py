"""A script sets one variable from `select as struct`: dbt's dynamic insert_overwrite.

Stock: `set (x) = (select as struct ...)` puts the whole struct into x. BigQuery takes it apart.
"""

from __future__ import annotations

import re

from bqemulator.scripting.interpreter import ScriptInterpreter, ScriptResult

_SET_ONE = re.compile(
    r"\bset\s*\(\s*(?P<name>\w+)\s*\)\s*=\s*\(\s*select\s+as\s+struct\b", re.IGNORECASE
)


def set_one_variable(script: str) -> str:
    """Return the script with each such assignment as a plain one."""
    return _SET_ONE.sub(r"set \g<name> = (select", script)


def apply() -> None:
    """Look at every script before it runs."""
    stock_run = ScriptInterpreter.run

    async def run(self: ScriptInterpreter, source: str) -> ScriptResult:
        return await stock_run(self, set_one_variable(source))

    ScriptInterpreter.run = run
