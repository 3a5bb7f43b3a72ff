"""Whose app a provider is spoken to by: the tenant's own where it has one, else that of all."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from botocore.exceptions import ClientError

from tests.runtime.environments import with_tenants
from topk.domain.crawl.budget import Budget
from topk.domain.crawl.provider import Authorization
from topk.domain.errors import StoreError
from topk.providers.http.transport import Transport
from topk.runtime.provider_directory import CREDENTIAL_SECONDS, ProviderDirectory
from topk.runtime.settings import Settings

OURS = {"client_id": "fake-id-of-all", "client_secret": "fake-client-secret"}
MEADOWS = {"client_id": "fake-id-of-meadow", "client_secret": "fake-meadow-secret"}
BEGUN = Authorization("fake-state-1", "fake-verifier-1", "https://api.example/callback")


class _Secrets:
    """`stored` are credentials by ARN or name."""

    def __init__(self, stored: Mapping[str, Any]) -> None:
        self._stored = stored

    def get_secret_value(self, *, SecretId: str) -> dict[str, str]:  # noqa: N803
        if SecretId not in self._stored:
            raise ClientError({"Error": {"Code": "ResourceNotFoundException"}}, "GetSecretValue")
        return {"SecretString": json.dumps(self._stored[SecretId])}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    tenant = {"audience": "topk", "return_urls": ["https://a.example"], "providers": ["spotify"]}
    own = {"apps": {"spotify": {"requests_per_second": 7, "requests_per_crawl": 2}}}
    file = tmp_path / "tenants.json"
    file.write_text(
        json.dumps(
            {
                "harbor": {**tenant, "issuer": "https://harbor.example"},
                "meadow": {**tenant, "issuer": "https://meadow.example", **own},
            }
        )
    )
    providers = {"spotify": {"secret": "arn", "budget": {"requests_per_second": 100}}}
    given = with_tenants(file, PROVIDERS=json.dumps(providers), APP_SECRETS="topk/test/apps/")
    return Settings.of(("PROVIDERS",), given)


def _client_id(settings: Settings, stored: Any, tenant: str) -> str:
    directory = ProviderDirectory(settings, secrets=_Secrets(stored), http=Transport.open())
    return _shown(directory, tenant)


def _shown(directory: ProviderDirectory, tenant: str) -> str:
    """The client id that `directory` speaks to the provider by."""
    address = directory(tenant, "spotify").authorize_url(BEGUN)
    return parse_qs(urlsplit(address).query)["client_id"][0]


def test_each_tenant_is_known_to_the_provider_by_its_own_app(settings: Settings) -> None:
    stored = {"arn": OURS, "topk/test/apps/spotify/meadow": MEADOWS}
    assert _client_id(settings, stored, "harbor") == "fake-id-of-all"
    assert _client_id(settings, stored, "meadow") == "fake-id-of-meadow"


def test_credentials_that_are_not_there_yet_are_not_those_of_another(settings: Settings) -> None:
    stored = {"arn": OURS, "topk/test/apps/spotify/harbor": OURS}
    with pytest.raises(StoreError, match="provider credentials"):
        _client_id(settings, stored, "meadow")


def test_an_app_of_ones_own_has_a_budget_of_its_own(settings: Settings) -> None:
    ours, own = settings.app_of("harbor", "spotify"), settings.app_of("meadow", "spotify")
    assert (ours, own) == ("spotify", "spotify#tenant:meadow")
    assert settings.budget_of(ours) == Budget(requests_per_second=100)
    assert settings.budget_of(own) == Budget(requests_per_second=7, requests_per_crawl=2)


def test_who_is_no_tenant_any_more_goes_by_the_app_of_all(settings: Settings) -> None:
    assert settings.app_of("gone", "spotify") == "spotify"


def test_changed_credentials_take_effect_in_time_and_are_not_read_for_every_call(
    settings: Settings,
) -> None:
    now, stored = [0.0], dict(OURS)
    directory = ProviderDirectory(
        settings, secrets=_Secrets({"arn": stored}), http=Transport.open(), clock=lambda: now[0]
    )
    assert _shown(directory, "harbor") == "fake-id-of-all"
    stored["client_id"] = "fake-id-of-all-2"
    now[0] = CREDENTIAL_SECONDS - 1
    assert _shown(directory, "harbor") == "fake-id-of-all"
    now[0] = CREDENTIAL_SECONDS
    assert _shown(directory, "harbor") == "fake-id-of-all-2"
