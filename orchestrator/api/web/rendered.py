"""Templates of the pages. What stands in values is text, whatever it looks like."""

from __future__ import annotations

from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from orchestrator.report.labels import label

_templates: Final = Environment(
    loader=PackageLoader("orchestrator.api.web"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters["label"] = label


def rendered(name: str, **values: Any) -> str:  # noqa: ANN401 - of any page
    """Return a page as text."""
    return _templates.get_template(f"{name}.html.j2").render(**values)
