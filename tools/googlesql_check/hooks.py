"""The hooks of single nodes: dbt renders them only while it runs, so the check does it."""

from collections.abc import Iterator, Mapping
from typing import Any

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.sandbox import SandboxedEnvironment

from tools.googlesql_check.dbt_nodes import DbtNode


class UnreadableHookError(Exception):
    """The hook uses more than `this`, `ref` and `source`."""


def hook_texts(node: DbtNode) -> Iterator[tuple[str, str]]:
    """The hooks of a node as (`pre-hook` or `post-hook`, text)."""
    for moment in ("pre-hook", "post-hook"):
        for hook in node.config.get(moment) or []:
            yield moment, hook["sql"] if isinstance(hook, Mapping) else hook


def render_hook(text: str, node: DbtNode, nodes: Mapping[str, DbtNode]) -> str:
    """The SQL of a hook."""
    readable = {nodes[key].name: nodes[key] for key in node.depends_on if key in nodes}

    def find(*names: str) -> str:
        if names[-1] not in readable:
            raise UnreadableHookError(f"it reads {names[-1]}, which the node does not depend on")
        return readable[names[-1]].quoted

    names: dict[str, Any] = {"this": node.quoted, "ref": find, "source": find}
    try:
        return SandboxedEnvironment(undefined=StrictUndefined).from_string(text).render(names)
    except (TemplateError, TemplateSyntaxError) as error:
        raise UnreadableHookError(str(error)) from error
