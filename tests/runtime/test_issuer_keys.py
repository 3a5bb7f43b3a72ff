"""Keys of token issuers: which can verify, and when they are read."""

import base64
import json
from typing import Any

import msgspec
import pytest
from joserfc.jwk import RSAKey

from topk.domain.errors import StoreError
from topk.runtime.tenants import Tenant
from topk.runtime.tokens.issuer_keys import DISCOVERY, FIRST_CHECK, MOST_KEPT, IssuerKeys
from topk.runtime.tokens.jwk import key_of

NOW = 1_800_000_000
ISSUER = "https://id.harbor.example"
KID = "fake-rsa"
RSA = RSAKey.generate_key(2048, {"kid": KID})
TENANT = Tenant("harbor", ISSUER, "topk", (), ())


def _text_of(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes(128, "big")).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "jwk",
    [
        {},
        {"kty": "oct", "k": "ZmFrZQ"},
        {"kty": "EC", "crv": "P-384", "x": "AA", "y": "AA"},
        {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"},
        {"kty": "RSA", "n": "AQAB", "e": "AQAB"},
        {"kty": "RSA", "n": 7, "e": "AQAB"},
        {**RSA.as_dict(private=False), "use": "enc"},
        {**RSA.as_dict(private=False), "key_ops": ["encrypt"]},
        {"kty": "RSA", "n": _text_of(2**1023 + 1), "e": "AQAB"},
    ],
)
def test_a_key_that_cannot_verify_is_left_out(jwk: dict[str, Any]) -> None:
    assert key_of(jwk) is None


class Issuer:
    """Serves the documents of an issuer, or fails."""

    def __init__(self, *keys: RSAKey) -> None:
        self.keys = keys
        self.calls = 0
        self.down = False

    def fetch(self, address: str) -> bytes:
        self.calls += 1
        if self.down:
            raise OSError("down")
        if address == ISSUER + DISCOVERY:
            return json.dumps({"issuer": ISSUER, "jwks_uri": f"{ISSUER}/keys"}).encode()
        assert address == f"{ISSUER}/keys"
        return json.dumps({"keys": [key.as_dict(private=False) for key in self.keys]}).encode()


def test_keys_are_read_once_and_again_for_an_unknown_kid_at_most_each_minute() -> None:
    issuer = Issuer(RSA)
    keys, tenant = IssuerKeys(issuer.fetch), TENANT
    assert keys.find(tenant, KID, now=NOW)
    assert keys.find(tenant, KID, now=NOW + 1)
    assert issuer.calls == 2
    issuer.keys = (RSA, RSAKey.generate_key(2048, {"kid": "fake-next"}))
    for second in range(60):
        assert keys.find(tenant, "fake-next", now=NOW + second) is None
    assert issuer.calls == 2
    assert keys.find(tenant, "fake-next", now=NOW + 60)
    assert issuer.calls == 4


def test_a_withdrawn_key_ends_after_an_hour() -> None:
    issuer = Issuer(RSA)
    keys, tenant = IssuerKeys(issuer.fetch), TENANT
    keys.find(tenant, KID, now=NOW)
    issuer.keys = (RSAKey.generate_key(2048, {"kid": "fake-next"}),)
    assert keys.find(tenant, KID, now=NOW + 3599)
    assert keys.find(tenant, KID, now=NOW + 3600) is None


def test_an_issuers_outage_ends_no_session_and_is_temporary_for_new_tenants() -> None:
    issuer = Issuer(RSA)
    keys, tenant = IssuerKeys(issuer.fetch), TENANT
    issuer.down = True
    for second in range(60):
        with pytest.raises(StoreError):
            keys.find(tenant, KID, now=NOW + second)
    assert issuer.calls == 1
    issuer.down = False
    assert keys.find(tenant, KID, now=NOW + 60)
    issuer.down = True
    assert keys.find(tenant, KID, now=NOW + 7200)


@pytest.mark.parametrize(
    "document",
    [
        {"issuer": "https://id.other.example", "jwks_uri": f"{ISSUER}/keys"},
        {"issuer": ISSUER, "jwks_uri": "http://id.harbor.example/keys"},
        {"issuer": ISSUER, "jwks_uri": "file:///etc/passwd"},
        {"issuer": ISSUER},
        [],
    ],
)
def test_an_invalid_discovery_document_gives_no_keys(document: Any) -> None:
    keys = IssuerKeys(lambda _: json.dumps(document).encode())
    with pytest.raises(StoreError):
        keys.find(TENANT, KID, now=NOW)


def test_keys_of_the_row_are_used_at_once_and_checked_within_minutes() -> None:
    issuer = Issuer(RSAKey.generate_key(2048, {"kid": "fake-next"}))
    tenant = msgspec.structs.replace(TENANT, keys=(RSA.as_dict(private=False),))
    keys = IssuerKeys(issuer.fetch)
    assert keys.find(tenant, KID, now=NOW)
    assert keys.find(tenant, KID, now=NOW + FIRST_CHECK - 1)
    assert issuer.calls == 0
    assert keys.find(tenant, KID, now=NOW + FIRST_CHECK) is None


def test_keys_of_a_tenant_that_publishes_none_are_never_read() -> None:
    issuer = Issuer()
    tenant = msgspec.structs.replace(
        TENANT, keys=(RSA.as_dict(private=False),), publishes_keys=False
    )
    keys = IssuerKeys(issuer.fetch)
    for later in (0, 61, 7200):
        assert keys.find(tenant, KID, now=NOW + later)
        assert keys.find(tenant, "fake-unknown", now=NOW + later) is None
    assert issuer.calls == 0


def test_the_keys_of_a_bounded_number_of_tenants_are_kept() -> None:
    keys = IssuerKeys(Issuer(RSA).fetch)
    own = (RSA.as_dict(private=False),)
    for number in range(3 * MOST_KEPT):
        tenant = Tenant(f"tenant_{number}", ISSUER, "topk", (), (), keys=own)
        assert keys.find(tenant, KID, now=NOW) is not None
    assert len(keys._known) == MOST_KEPT
