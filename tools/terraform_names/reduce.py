"""Makes `google.json` from what `terraform providers schema -json` writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

PROVIDER: Final = "registry.terraform.io/hashicorp/google"
KINDS: Final = {"resource": "resource_schemas", "data": "data_source_schemas"}


def reduced_schema(
    schema: dict[str, Any], used: Iterable[tuple[str, str]], source: str
) -> dict[str, Any]:
    """Return the names and types of what is used; `source` says where the schema came from."""
    whole = schema["provider_schemas"][PROVIDER]
    found: dict[str, Any] = {"source": source, "provider": _block(whole["provider"]["block"])}
    for kind, name in sorted(used):
        of_type = whole[KINDS[kind]].get(name)
        if of_type is None:
            raise KeyError(f"the provider has no {kind} {name}")
        found.setdefault(kind, {})[name] = _block(of_type["block"])
    return found


def _block(block: dict[str, Any]) -> dict[str, Any]:
    attributes, nested = block.get("attributes", {}), block.get("block_types", {})
    return {
        "arguments": {name: _argument(attributes[name]) for name in sorted(attributes)},
        "blocks": {name: _nested(nested[name]) for name in sorted(nested)},
    }


def _nested(block: dict[str, Any]) -> dict[str, Any]:
    most = 1 if block["nesting_mode"] == "single" else block.get("max_items", 0)
    return {"least": block.get("min_items", 0), "most": most, **_block(block["block"])}


def _argument(attribute: dict[str, Any]) -> str:
    ways = ("required", "optional", "computed")
    way = next(way for way in ways if attribute.get(way))
    return f"{way} {_type(attribute['type'])}"


def _type(of: Any) -> str:  # noqa: ANN401 - a type of Terraform's, as JSON
    if isinstance(of, str):
        return of
    return "object" if of[0] == "object" else f"{of[0]}({_type(of[1])})"
