"""What is checked of a tenant before it is written."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from cli.failure import CommandFailedError
from infra_cdk.tenant import Tenant, faults
from topk.runtime.tokens.issuer_keys import read_keys
from topk.runtime.tokens.jwk import key_of

Fetch = Callable[[str], bytes]
"""The body at an address. Raises OSError."""


def declared(raw: Mapping[str, Any]) -> Tenant:
    """`raw` as a tenant. Raises CommandFailedError with the invalid field."""
    try:
        return msgspec.convert(raw, Tenant)
    except msgspec.ValidationError as error:
        raise CommandFailedError(f"the declaration is invalid: {error}") from error


def check_fields(name: str, tenant: Tenant, providers: Mapping[str, Any], *, local: bool) -> None:
    """Raises CommandFailedError for an invalid address, provider or address range."""
    found = list(faults({name: tenant}, providers, local=local))
    if found:
        raise CommandFailedError(found[0], details=found[1:])


def usable_keys(tenant: Tenant, fetch: Fetch) -> tuple[dict[str, Any], ...]:
    """The keys of the tenant's issuer that can verify tokens, as JWKs.

    Raises CommandFailedError if the issuer's documents cannot be read or have no such key.
    """
    try:
        keys = read_keys(tenant.issuer, fetch)
    except (OSError, ValueError, msgspec.MsgspecError) as error:
        raise CommandFailedError(f"{tenant.issuer}: {error}") from error
    usable = tuple(key for key in keys if key.get("kid") and _fits(key, tenant))
    if not usable:
        wanted = ", ".join(tenant.algorithms)
        raise CommandFailedError(f"{tenant.issuer}: publishes no key with a kid for {wanted}")
    return usable


def _fits(jwk: Mapping[str, Any], tenant: Tenant) -> bool:
    key = key_of(jwk)
    return key is not None and any(map(key.knows, tenant.algorithms))
