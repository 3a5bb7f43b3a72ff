"""Our apps at the providers: what is limited, budgeted and shut as one."""

from collections.abc import Callable

AppOf = Callable[[str, str], str]
"""Tenant and provider -> the app by which the tenant's users are crawled there."""


def shared(_tenant: str, provider: str) -> str:
    """One app of ours for all tenants, named as the provider is."""
    return provider
