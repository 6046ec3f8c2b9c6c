"""A gRPC call (Storage Read, Storage Write) is answered when it names the token."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import grpc
from bqemulator.grpc_api import server as grpc_server

from orchestrator.local_warehouse.door.requests import UNKNOWN, is_token

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


def apply(token: str) -> None:
    """Let the first of the server's interceptors look at the token."""
    stock = grpc_server.CorrelationInterceptor

    class Doorkeeper(stock):  # type: ignore[misc, valid-type]
        """Refuses a call before its handler is looked up."""

        async def intercept_service(
            self,
            continuation: Callable[[Any], Awaitable[Any]],
            handler_call_details: Any,  # noqa: ANN401 - grpc has no type for it
        ) -> Any:  # noqa: ANN401
            metadata = dict(handler_call_details.invocation_metadata or ())
            if is_token(metadata.get("authorization"), token):
                return await super().intercept_service(continuation, handler_call_details)
            return grpc.unary_unary_rpc_method_handler(_refuse)

    grpc_server.CorrelationInterceptor = Doorkeeper


async def _refuse(_request: Any, context: Any) -> None:  # noqa: ANN401 - grpc has no types
    await context.abort(grpc.StatusCode.PERMISSION_DENIED, UNKNOWN)
