"""What the service says of itself."""

from __future__ import annotations

from typing import Any, Final

from orchestrator import __version__
from orchestrator.api.reconciliation.properties import TYPES, type_document

VERSIONS: Final = ["0.2"]
# Ids are told apart by these, in every service of Concord.
IDENTIFIER_SPACE: Final = "urn:concord:entity:"
SCHEMA_SPACE: Final = "urn:concord:type"
# Searches by name take their time in a large snapshot, and OpenRefine waits half a minute.
BATCH_SIZE: Final = 50
PREVIEW_WIDTH: Final = 420
PREVIEW_HEIGHT: Final = 220


def manifest(base: str, view: str | None, most: int, *, needs_header: bool) -> dict[str, Any]:
    """Return the manifest of a service at an address; `view` is the template of its pages."""
    found: dict[str, Any] = {
        "versions": VERSIONS,
        "name": "Concord",
        "identifierSpace": IDENTIFIER_SPACE,
        "schemaSpace": SCHEMA_SPACE,
        "serviceVersion": __version__,
        "defaultTypes": [type_document(entity) for entity in TYPES.values()],
        "batchSize": min(most, BATCH_SIZE),
        "preview": {
            "url": f"{base}/preview/{{{{id}}}}",
            "width": PREVIEW_WIDTH,
            "height": PREVIEW_HEIGHT,
        },
        "suggest": {
            "entity": {
                **_service(base, "/suggest/entity"),
                "flyout_service_url": base,
                "flyout_service_path": "/flyout/entity/${id}",
            },
            "property": _service(base, "/suggest/property"),
            "type": _service(base, "/suggest/type"),
        },
        "extend": {"propose_properties": _service(base, "/properties"), "property_settings": []},
    }
    if view is not None:
        found["view"] = {"url": view}
    if needs_header:
        found["authentication"] = {"type": "apiKey", "name": "Authorization", "in": "header"}
    return found


def _service(base: str, path: str) -> dict[str, str]:
    return {"service_url": base, "service_path": path}
