"""What a function makes before its SnapStart snapshot is taken, and renews after each restore.

Many processes continue from one snapshot, hours or days later. What costs time is made before it:
settings, clients, decoders, late imports. What they must not share is made after it: random numbers
and connections. Credentials are botocore's, which keeps them with their expiry and gets new ones
for the first request. The hooks run only where SnapStart does; elsewhere everything is made on
first use.
Source: docs.aws.amazon.com/lambda/latest/dg/snapstart-runtime-hooks-python.html and
snapstart-uniqueness.html beside it
"""

import gc
import random
from collections.abc import Callable, Iterable
from importlib import import_module

from snapshot_restore_py import register_after_restore, register_before_snapshot

from topk.runtime import invocation
from topk.runtime.aws import client
from topk.runtime.observability import logger
from topk.runtime.settings import Settings
from topk.runtime.tokens.jwk import LATE_MODULES
from topk.stores.dynamodb.connection_pool import close_all
from topk.stores.dynamodb.models import bind


def prepare(
    make: Callable[[], object], *, clients: Iterable[str] = (), modules: Iterable[str] = ()
) -> None:
    """Register `make`, which builds a function's dependencies, and what it would make later.

    `clients` are AWS services and `modules` imports that only some requests need. Nothing here may
    call AWS: the response would be as old as the snapshot.
    """
    register_before_snapshot(_before, make, tuple(clients), tuple(modules))
    register_after_restore(_after)


def _before(make: Callable[[], object], clients: tuple[str, ...], modules: tuple[str, ...]) -> None:
    for module in (*modules, *LATE_MODULES):
        import_module(module)
    make()
    settings = Settings.of(())
    _ = bind(settings.tables, region=settings.region).client  # PynamoDB makes it on first use.
    for service in clients:
        client(service, settings.region)
    logger()
    gc.collect()
    gc.freeze()  # A collection would write to each page, and so copy it from the snapshot.


def _after() -> None:
    random.seed()
    close_all()
    invocation.restart()
