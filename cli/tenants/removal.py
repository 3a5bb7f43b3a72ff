"""Removes a tenant: erases each of its users as they could themselves, then the tenant.

An erasure takes as long as a user's (docs/design.md), so that a removal is a command that is run
again until nothing is left. It keeps no state of its own: what is left to erase is in the tables.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from infra_cdk import outputs
from topk.domain.owner import Owner
from topk.usecases.accounts.tenant_limit import buckets
from topk.usecases.ports import ErasureQueue, Erasures, Profiles
from topk.usecases.privacy.erase import ask_for_erasure

OF_USERS = ("Profiles", "Connections", "Plays", "TopLists", "Follows", "FollowRequests", "Blocks")
"""Tables whose partition key is an owner. In the others, rows of a user without any of these expire
or name the user beside one who has.
"""


@dataclass(frozen=True, slots=True)
class ErasurePorts:
    """What starts an erasure."""

    profiles: Profiles
    erasures: Erasures
    queue: ErasureQueue
    new_receipt: Callable[[], str]


def erase_users(
    tenant: str, *, dynamodb: Any, tables: Mapping[str, str], ports: ErasurePorts, now: int
) -> dict[Owner, str]:
    """Starts the erasure of every user who has data, again for those whose erasure is running.

    `tables` are deployed names by output. Returns the receipts of those users.
    """
    return {
        owner: ask_for_erasure(
            owner,
            profiles=ports.profiles,
            erasures=ports.erasures,
            queue=ports.queue,
            new_receipt=ports.new_receipt,
            now=now,
        )
        for owner in sorted(owners_of(tenant, dynamodb=dynamodb, tables=tables))
    }


def owners_of(tenant: str, *, dynamodb: Any, tables: Mapping[str, str]) -> set[Owner]:
    """The users of `tenant` with data. Scans the tables: only operators may."""
    found: set[Owner] = set()
    for name in OF_USERS:
        found.update(_owners(dynamodb, tables[outputs.table(name)], tenant))
    return found


def delete_data_keys(tenant: str, *, dynamodb: Any, tables: Mapping[str, str]) -> int:
    """The keys that sealed the tenant's tokens; their number."""
    table = tables[outputs.table("DataKeys")]
    epochs = list(_values(dynamodb, table, "epoch", f"{tenant}#"))
    for epoch in epochs:
        dynamodb.delete_item(TableName=table, Key={"epoch": {"S": epoch}})
    return len(epochs)


def delete_rates(tenant: str, *, dynamodb: Any, tables: Mapping[str, str]) -> None:
    """Deletes how many requests the tenant sent."""
    table = tables[outputs.table("TenantRates")]
    for name in buckets(tenant):
        dynamodb.delete_item(TableName=table, Key={"tenant": {"S": name}})


def delete_app_secrets(names: Iterable[str], *, secrets: Any) -> None:
    """Deletes the credentials of the tenant's own apps at once; `secrets` is a client."""
    for name in names:
        try:
            secrets.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)
        except secrets.exceptions.ResourceNotFoundException:
            continue


def _owners(dynamodb: Any, table: str, tenant: str) -> Iterator[Owner]:
    for key in _values(dynamodb, table, "owner", f"{tenant}#"):
        yield Owner.parse(key)


def _values(dynamodb: Any, table: str, attribute: str, prefix: str) -> Iterator[str]:
    pages = dynamodb.get_paginator("scan").paginate(
        TableName=table,
        ProjectionExpression="#key",
        FilterExpression="begins_with(#key, :prefix)",
        ExpressionAttributeNames={"#key": attribute},
        ExpressionAttributeValues={":prefix": {"S": prefix}},
    )
    for page in pages:
        for item in page["Items"]:
            yield item[attribute]["S"]
