"""The secrets of pushes: read seldom, both of them while one replaces the other."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.fakes import NOON
from tests.runtime.environments import SHARED
from topk.domain.errors import StoreError, UnknownProviderError
from topk.runtime.push_secrets import FRESH_SECONDS, PushSecrets
from topk.runtime.settings import Settings

ARN = "arn:aws:secretsmanager:us-east-1:000000000000:secret:partner"


class _Vault:
    """Secrets Manager with one secret."""

    def __init__(self, **credentials: Any) -> None:
        self.text = json.dumps(credentials)
        self.reads = 0
        self.fails = False

    def get_secret_value(self, SecretId: str) -> dict[str, str]:  # noqa: N803 - botocore's name
        assert SecretId == ARN
        self.reads += 1
        if self.fails:
            raise ClientError({"Error": {"Code": "Throttling"}}, "GetSecretValue")
        return {"SecretString": self.text}


def _secrets(vault: _Vault) -> PushSecrets:
    providers = json.dumps({"partner": {"secret": ARN}})
    settings = Settings.of(("PROVIDERS",), {**SHARED, "PROVIDERS": providers})
    return PushSecrets(settings, secrets=vault)


def test_there_are_two_while_one_replaces_the_other() -> None:
    vault = _Vault(client_id="id", push_secret="fake-new", push_secret_before="fake-old")
    assert _secrets(vault).of("partner", now=NOON) == ("fake-new", "fake-old")


def test_a_changed_secret_takes_effect_in_time_and_is_not_read_for_every_call() -> None:
    vault = _Vault(push_secret="fake-1")
    secrets = _secrets(vault)
    secrets.of("partner", now=NOON)
    vault.text = json.dumps({"push_secret": "fake-2"})
    assert secrets.of("partner", now=NOON + FRESH_SECONDS - 1) == ("fake-1",)
    assert vault.reads == 1
    assert secrets.of("partner", now=NOON + FRESH_SECONDS) == ("fake-2",)


@pytest.mark.parametrize("name", ["partner", "nobody"])
def test_a_provider_without_a_push_secret_does_not_push(name: str) -> None:
    with pytest.raises(UnknownProviderError):
        _secrets(_Vault(client_id="id", client_secret="fake")).of(name, now=NOON)


@pytest.mark.parametrize("text", ["", "not JSON", None])
def test_credentials_that_cannot_be_read_are_a_failure_of_ours(text: str | None) -> None:
    vault = _Vault()
    vault.fails = text is None
    vault.text = text or ""
    with pytest.raises(StoreError):
        _secrets(vault).of("partner", now=NOON)
