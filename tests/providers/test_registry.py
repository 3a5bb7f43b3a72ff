"""The registry: all providers by name, imported only when used."""

import subprocess
import sys

import pytest

from tests.providers.accounts import AUTHORIZATION
from tests.providers.scripted import Script
from topk.domain.errors import NotPermittedError, UnknownProviderError
from topk.providers.registry import build


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(UnknownProviderError) as caught:
        build("walkman", endpoints={}, credentials={}, options={}, http=Script().http)

    assert caught.value.field == "provider"


def test_a_partner_with_any_name_needs_only_configuration() -> None:
    adapter = build(
        "walkman",
        endpoints={"accounts": "https://id.walkman.example", "api": "https://walkman.example"},
        credentials={"client_id": "fake-client", "client_secret": "fake-client-secret"},
        options={"protocol": "partner"},
        http=Script().http,
    )

    assert adapter.name == "walkman"
    assert adapter.authorize_url(AUTHORIZATION).startswith("https://id.walkman.example/authorize?")


def test_a_partner_without_an_address_is_not_permitted() -> None:
    with pytest.raises(NotPermittedError, match="api"):
        build(
            "walkman",
            endpoints={"accounts": "https://id.walkman.example"},
            credentials={},
            options={"protocol": "partner"},
            http=Script().http,
        )


def test_importing_the_registry_loads_no_adapter() -> None:
    program = (
        "import sys, topk.providers.registry;"
        "print([m for m in sys.modules if m.startswith('topk.providers.') "
        "and m.rsplit('.')[-1] in {*topk.providers.registry.PROVIDERS, 'partner'}])"
    )
    shown = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )

    assert shown.stdout.strip() == "[]"
