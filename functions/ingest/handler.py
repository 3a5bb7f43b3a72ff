"""Signed webhook of a provider that pushes -> Plays. See docs/provider-contract.md."""

from functools import partial
from typing import Any

from functions.ingest.wiring import ingesting
from topk.domain.errors import TooLargeError
from topk.domain.limits import LARGEST_DELIVERY_BODY, MOST_LISTENS
from topk.domain.signature import verify
from topk.providers.partner.wire import Delivery, read_delivered, read_user
from topk.runtime.api import Answer, Request, respond
from topk.runtime.observability import count
from topk.runtime.snapshot import prepare
from topk.usecases.crawling.ingest import Received, ingest

SIGNATURE = "x-topk-signature"


def lambda_handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    return respond(
        event,
        _ROUTES,
        ingesting().settings,
        without_token=_ROUTES,
        largest_body=LARGEST_DELIVERY_BODY,
        # A provider pushes plays of all tenants' users at once.
        limited=False,
    )


def _ingest(request: Request) -> Answer:
    parts = ingesting()
    provider = request.path["provider"]
    secrets = parts.secrets.of(provider, now=request.now)
    verify(request.headers.get(SIGNATURE, ""), request.body, secrets, now=request.now)
    listens = request.json(Delivery).listens
    if len(listens) > MOST_LISTENS:
        raise TooLargeError("listens", f"must contain at most {MOST_LISTENS}")
    received = ingest(
        listens,
        parts.ports,
        provider=provider,
        read_user=read_user,
        read_play=partial(read_delivered, provider=provider),
        now=request.now,
    )
    return _answer(provider, received)


def _answer(provider: str, received: Received) -> Answer:
    counts = {"ListensPushed": received.accepted, "ListensRejected": len(received.rejected)}
    count(counts, provider=provider)
    return Answer(body={"accepted": received.accepted, "rejected": received.rejected})


_ROUTES = {"POST /v1/ingest/{provider}": _ingest}


prepare(ingesting)
