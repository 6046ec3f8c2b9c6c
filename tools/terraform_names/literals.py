"""Whether a value that is written out can be of a type; of an expression nothing is known."""

from __future__ import annotations

import re
from typing import Any, Final

NUMBER: Final = re.compile(r'"-?\d+(\.\d+)?"')


def is_of_type(value: Any, of_type: str) -> bool:  # noqa: ANN401 - a value of HCL
    """Say whether Terraform takes this value for a type as `string` or `list(string)`."""
    if value is None or (isinstance(value, str) and _is_expression(value)) or of_type == "dynamic":
        return True
    if isinstance(value, list):
        inner = of_type.partition("(")[2].removesuffix(")")
        return of_type.startswith(("list", "set")) and all(is_of_type(v, inner) for v in value)
    if isinstance(value, dict):
        return of_type.startswith(("map", "object"))
    if of_type == "number":
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return is_number or bool(NUMBER.fullmatch(str(value)))
    if of_type == "bool":
        return isinstance(value, bool) or value in ('"true"', '"false"')
    return of_type == "string"


def _is_expression(text: str) -> bool:
    return "${" in text or not text.startswith('"')
