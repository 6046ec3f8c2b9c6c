"""The API against its own description: whatever it allows is answered, and as it says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from orchestrator.api.app import PREFIX, create_app
from orchestrator.api.start import open_service
from orchestrator.serving.build import build_snapshot
from orchestrator.settings.values import Settings
from orchestrator.steps import StepClock
from tests.serving_sample import PublishedSample

CHECKS: Final = [
    not_a_server_error,
    response_schema_conformance,
    content_type_conformance,
    status_code_conformance,
]

if TYPE_CHECKING:
    from orchestrator.api.callers import LocalKey
    from orchestrator.api.service import Service
    from orchestrator.bigquery.connect import Connection


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    """Return a service whose limits nobody meets, and whose decisions go nowhere."""
    values = Settings(state_folder=tmp_path_factory.mktemp("state"))
    generous = {"lookups_per_minute": 10**6, "searches_per_minute": 10**6}
    values = values.with_changes(serve=values.serve.model_copy(update=generous))
    build_snapshot(cast("Connection", PublishedSample(values)), "r1", StepClock())
    opened = open_service(values)
    opened.holder.refresh()
    return opened


@pytest.fixture(scope="module")
def schema(service: Service) -> Any:  # noqa: ANN401 - of schemathesis
    return schemathesis.openapi.from_asgi(f"{PREFIX}/openapi.json", create_app(service))


def operations() -> list[tuple[str, str]]:
    """Return the paths and methods that the description has."""
    paths = create_app(cast("Service", None)).openapi()["paths"]
    return [(path, method.upper()) for path, methods in paths.items() for method in methods]


@pytest.mark.parametrize(("path", "method"), operations())
def test_whatever_is_allowed_is_answered(
    path: str,
    method: str,
    schema: Any,  # noqa: ANN401
    service: Service,
) -> None:
    headers = {"Authorization": f"Bearer {cast('LocalKey', service.tokens).key}"}

    @given(case=schema[path][method].as_strategy())
    @settings(
        max_examples=30,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
    )
    def ask(case: Any) -> None:  # noqa: ANN401
        case.validate_response(case.call(headers=headers), checks=CHECKS)

    ask()
