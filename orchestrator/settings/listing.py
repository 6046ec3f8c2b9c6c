"""The settings as a list: their variables, values in force, defaults and meanings."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, SecretStr

from orchestrator.settings.known_variables import DBT_VARIABLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MASK: Final = "********"
# A password in front of the host of an address, which may hold a slash; what follows a `?` or `#`;
# a part of the path that is made of chance: long, of letters and digits.
IN_ADDRESS: Final = re.compile(r"(?<=://)\S+(?=@)|(?<=[?#])\S+")
_TOKEN: Final = re.compile(
    r"(?<=/)(?:(?=[^/]*\d)(?=[^/]*[A-Za-z])[\w.~+=-]{16,}|[\w.~+=-]{24,})(?=/|$|[?#])"
)
_WEB_ADDRESS: Final = re.compile(r"https?://\S+")


@dataclass(frozen=True, slots=True)
class SettingLine:
    """One setting, with secrets masked."""

    group: str
    variable: str
    value: str
    default: str
    is_default: bool
    meaning: str


def setting_lines(settings: BaseModel, group: str = "") -> Iterator[SettingLine]:
    """List all settings, the groups after the rest."""
    fields = type(settings).model_fields
    values = {name: getattr(settings, name) for name in fields}
    plain = {name: value for name, value in values.items() if not isinstance(value, BaseModel)}
    for name, value in plain.items():
        # One that is made depends on the surroundings: it is what it is when nobody set it.
        is_made = fields[name].default_factory is not None
        default = None if is_made else fields[name].default
        yield SettingLine(
            group=group or "general",
            variable=f"CONCORD_{f'{group}_' if group else ''}{name}".upper(),
            value=shown(value),
            default=shown(default),
            is_default=name not in settings.model_fields_set if is_made else value == default,
            meaning=fields[name].description or "",
        )
    for name, value in values.items():
        if name not in plain:
            yield from setting_lines(value, name)


def dbt_lines(given: Mapping[str, str]) -> Iterator[SettingLine]:
    """List the variables that only dbt reads; `given` are those that are set."""
    for variable in DBT_VARIABLES:
        yield SettingLine(
            group="dbt alone",
            variable=variable.name,
            value=shown(given.get(variable.name, variable.default)),
            default=variable.default,
            is_default=variable.name not in given,
            meaning=variable.meaning,
        )


def shown(value: object) -> str:
    """Put a value as one would write it into the variable, without what is secret in it."""
    if value is None:
        return ""
    if isinstance(value, SecretStr):
        # The name of a secret is none.
        text = value.get_secret_value()
        return text if text.startswith("secret://") else MASK
    if isinstance(value, tuple):
        is_secret = any(isinstance(part, SecretStr) for part in value)
        return (" " if is_secret else ",").join(shown(part) for part in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False) if value else ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value)
    return _WEB_ADDRESS.sub(_without_token, IN_ADDRESS.sub(MASK, str(value)))


def _without_token(match: re.Match[str]) -> str:
    start, host, path = re.split(r"(?<=://)([^/]*)", match[0], maxsplit=1)
    return start + host + _TOKEN.sub(MASK, path)
