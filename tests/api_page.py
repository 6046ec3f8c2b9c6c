"""Writes docs/use/api.md from the API's own description, with answers over the sample.

python -m tests.api_page
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from fastapi.testclient import TestClient

from orchestrator.api.app import PREFIX, create_app
from orchestrator.api.problems import CODES
from orchestrator.api.routes.reconcile_access import PREFIX as RECONCILE
from orchestrator.api.start import open_service
from orchestrator.serving.build import build_snapshot
from orchestrator.settings.values import Settings
from orchestrator.steps import StepClock
from tests.serving_sample import ANN, ANN_1, ANN_2, WAS_ANN, PublishedSample

if TYPE_CHECKING:
    from orchestrator.api.callers import LocalKey
    from orchestrator.bigquery.connect import Connection

PAGE: Final = Path(__file__).resolve().parents[1] / "docs" / "use" / "api.md"
INTRO: Final = Path(__file__).with_name("api_page_intro.txt")
EXAMPLES: Final[dict[tuple[str, str], tuple[str, dict[str, Any] | None]]] = {
    ("post", f"{PREFIX}/lookup"): (
        f"{PREFIX}/lookup",
        {
            "queries": [
                {"key": "row 7", "email": "Ann.Lee@lee.example", "name": "Lee, Ann"},
                {"key": "row 8", "phone": "+44 20 7946 0199", "entity": "person"},
            ]
        },
    ),
    ("post", f"{PREFIX}/search"): (f"{PREFIX}/search", {"text": "bob muler"}),
    ("get", f"{PREFIX}/{{kind}}/{{entity_id}}"): (f"{PREFIX}/persons/{WAS_ANN}", None),
    ("get", f"{PREFIX}/{{kind}}/{{entity_id}}/{{aspect}}"): (
        f"{PREFIX}/persons/{ANN}/history",
        None,
    ),
    ("post", f"{PREFIX}/explanations"): (
        f"{PREFIX}/explanations",
        {"record_id_l": ANN_1, "record_id_r": ANN_2},
    ),
    ("post", RECONCILE): (
        RECONCILE,
        {
            "queries": {
                "q0": {
                    "query": "Ann Lee",
                    "type": "Person",
                    "properties": [{"pid": "email", "v": "ann.lee@lee.example"}],
                }
            }
        },
    ),
}


def api_page() -> str:
    """Return the page."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(state_folder=Path(folder), default_phone_region="GB")
        build_snapshot(cast("Connection", PublishedSample(settings)), "r1", StepClock())
        service = open_service(settings)
        app = create_app(service)
        with TestClient(app) as client:
            client.headers["Authorization"] = f"Bearer {cast('LocalKey', service.tokens).key}"
            client.headers["X-Request-ID"] = "example"
            contract = app.openapi()
            parts = [INTRO.read_text(encoding="utf-8").rstrip("\n") + "\n"]
            for tag in dict.fromkeys(
                operation["tags"][0]
                for methods in contract["paths"].values()
                for operation in methods.values()
            ):
                parts.append(f"## {tag[0].upper()}{tag[1:]}\n")
                for path, methods in contract["paths"].items():
                    for method, operation in methods.items():
                        if operation["tags"][0] == tag:
                            parts += _endpoint(client, contract, path, method, operation)
            parts.append(_codes())
    return "\n".join(parts)


def _endpoint(
    client: TestClient, contract: dict[str, Any], path: str, method: str, operation: dict[str, Any]
) -> list[str]:
    parts = [f"### {method.upper()} {path}\n", f"{operation['description'].strip()}\n"]
    fields = [
        (one["name"], one["in"], one.get("required", False), _kind(one["schema"], contract), one)
        for one in operation.get("parameters", [])
        if one["name"] != "authorization"
    ]
    if body := operation.get("requestBody"):
        # JSON, or a form; of what there is, the first.
        (content, *_) = body["content"].items()
        name = content[1]["schema"]["$ref"].rpartition("/")[2]
        fields += _fields(contract, name, "body" if content[0].endswith("json") else "form")
    if fields:
        parts.append("| field | in | is | meaning |\n|---|---|---|---|")
        for name, where, is_needed, kind, schema in fields:
            meaning = schema.get("description", "")
            needed = "" if is_needed else " (optional)"
            parts.append(f"| `{name}` | {where}{needed} | {kind} | {meaning} |")
        parts.append("")
    if (method, path) in EXAMPLES:
        parts.append(_example(client, method, *EXAMPLES[method, path]))
    return parts


def _fields(
    contract: dict[str, Any], name: str, where: str
) -> list[tuple[str, str, bool, str, dict[str, Any]]]:
    schema = contract["components"]["schemas"][name]
    found = []
    for field, said in schema["properties"].items():
        found.append(
            (field, where, field in schema.get("required", ()), _kind(said, contract), said)
        )
        inner = said.get("items", {}).get("$ref")
        if inner:
            found += _fields(contract, inner.rpartition("/")[2], f"`{field}[]`")
    return found


def _kind(schema: dict[str, Any], contract: dict[str, Any]) -> str:
    if "anyOf" in schema:
        kinds = [_kind(one, contract) for one in schema["anyOf"]]
        return " or ".join(kind for kind in kinds if kind != "null")
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if "$ref" in schema:
        return _kind(contract["components"]["schemas"][schema["$ref"].rpartition("/")[2]], contract)
    limits = [
        f"{word} {schema[key]:,}"
        for key, word in (("minimum", "from"), ("maximum", "to"), ("maxLength", "at most"))
        if key in schema
    ]
    unit = ["characters"] if "maxLength" in schema else []
    default = [f"default {schema['default']}"] if schema.get("default") else []
    described = ", ".join(filter(None, [" ".join([*limits, *unit]), *default]))
    return f"{schema.get('type', 'any')}{f' ({described})' if described else ''}"


def _example(client: TestClient, method: str, path: str, body: dict[str, Any] | None) -> str:
    is_form = path == RECONCILE
    asked = {name: json.dumps(value) for name, value in (body or {}).items()}
    answer = client.request(
        method,
        path,
        json=None if is_form else body,
        data=asked if is_form else None,
        follow_redirects=False,
    )
    lines = [f"{method.upper()} {path}"]
    if is_form:
        lines += [f"{name}={text}" for name, text in asked.items()]
    elif body is not None:
        lines.append(json.dumps(body, indent=1))
    lines += ["", f"{answer.status_code}"]
    if "location" in answer.headers:
        lines[-1] += f" Location: {answer.headers['location']}"
    if answer.content:
        lines.append(_short(answer.json()))
    return "```text\n" + "\n".join(lines) + "\n```\n"


def _short(body: dict[str, Any]) -> str:
    """Write a document without the columns of a row that are empty."""
    rows = body.get("rows")
    if rows:
        body = {
            **body,
            "rows": [{k: v for k, v in row.items() if v not in (None, [])} for row in rows],
        }
    return json.dumps(body, indent=1, ensure_ascii=False)


def _codes() -> str:
    lines = ["## Codes of problems\n", "| `code` | status | title |", "|---|---|---|"]
    lines += [f"| `{code}` | {int(status)} | {title} |" for code, (status, title) in CODES.items()]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(api_page(), encoding="utf-8")
