"""Bearer tokens: what is accepted, and that joserfc accepts no more and no less."""

import base64
import hmac
import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from topk.domain.errors import TokenError
from topk.runtime.tenants import Tenant
from topk.runtime.tokens import access_tokens
from topk.runtime.tokens.access_tokens import AccessTokens, bearer
from topk.runtime.tokens.issuer_keys import IssuerKeys

NOW = 1_800_000_000
ISSUER = "https://id.harbor.example"
KID = "fake-rsa"
RSA = RSAKey.generate_key(2048, {"kid": KID})
OTHER_RSA = RSAKey.generate_key(2048, {"kid": KID})
EC = ECKey.generate_key("P-256", {"kid": "fake-ec"})


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


ALL = ["RS256", "RS384", "RS512", "ES256"]


def _tenant(name: str = "harbor", issuer: str = ISSUER, **given: Any) -> Tenant:
    keys = tuple(key.as_dict(private=False) for key in (RSA, EC))
    found = Tenant(name, issuer, "topk", (), (), keys=keys, publishes_keys=False)
    return msgspec.structs.replace(found, **given)


def _tokens(*tenants: Tenant) -> AccessTokens:
    known = {one.issuer: one for one in tenants or (_tenant(),)}
    return AccessTokens(known.get, IssuerKeys())


def _token(key: Any = RSA, header: dict[str, Any] | None = None, **claims: Any) -> str:
    given = {"iss": ISSUER, "aud": "topk", "sub": "anna", "iat": NOW, "exp": NOW + 60} | claims
    said = {name: value for name, value in given.items() if value is not None}
    return jwt.encode({"alg": "RS256", "kid": key.kid} | (header or {}), said, key, algorithms=ALL)


def test_a_valid_token_names_its_tenant_and_user() -> None:
    caller = _tokens().verify(_token(), now=NOW)
    assert (caller.tenant.name, caller.claims.sub) == ("harbor", "anna")


@pytest.mark.parametrize("algorithm", ALL)
def test_every_supported_algorithm_verifies_what_joserfc_signs(algorithm: str) -> None:
    tenant = _tenant(algorithms=frozenset({algorithm}))
    key = EC if algorithm == "ES256" else RSA
    assert _tokens(tenant).verify(_token(key, {"alg": algorithm}), now=NOW)


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://id.meadow.example"},
        {"iss": ISSUER + "/"},
        {"iss": None},
        {"aud": "other"},
        {"aud": ["other"]},
        {"aud": None},
        {"aud": None, "client_id": "other"},
        {"exp": NOW},
        {"exp": NOW - 1},
        {"exp": None},
        {"exp": str(NOW + 60)},
        {"nbf": NOW + 3600},
        {"iat": NOW + 3600},
        {"sub": 7},
        {"scope": ["graph:write"]},
    ],
)
def test_claims_that_the_tenant_does_not_accept_are_refused(claims: dict[str, Any]) -> None:
    with pytest.raises(TokenError):
        _tokens().verify(_token(**claims), now=NOW)


@pytest.mark.parametrize("claims", [{"aud": ["other", "topk"]}, {"aud": None, "client_id": "topk"}])
def test_an_audience_may_be_one_of_several_or_the_client(claims: dict[str, Any]) -> None:
    assert _tokens().verify(_token(**claims), now=NOW)


def _unsigned() -> str:
    _, claims, _ = _token().split(".")
    return f"{_json({'alg': 'none', 'kid': RSA.kid})}.{claims}."


def _signed_with_the_public_key() -> str:
    """RFC 8725, section 2.1: the attacker signs by HMAC with what everybody knows."""
    _, claims, _ = _token().split(".")
    head = f"{_json({'alg': 'HS256', 'kid': RSA.kid})}.{claims}"
    return f"{head}.{_text(hmac.digest(RSA.as_pem(private=False), head.encode(), 'sha256'))}"


def _critical() -> str:
    claims = json.dumps({"iss": ISSUER, "aud": "topk", "exp": NOW + 60})
    header = {"alg": "RS256", "kid": RSA.kid, "crit": ["b64"], "b64": True}
    return jws.serialize_compact(header, claims, RSA)


def _padded() -> str:
    head, claims, signature = _token().split(".")
    return f"{head}.{claims}.{signature}=="


@pytest.mark.parametrize(
    "token",
    [
        lambda: "",
        lambda: "fake-token-without-signature",
        lambda: "..",
        lambda: _token() + ".",
        lambda: _token() + "A",
        lambda: _token()[:-2],
        lambda: "[" * 100_000,
        lambda: f"{_json({'alg': 'RS256', 'kid': ['x']})}.e30.e30",
        lambda: _token(OTHER_RSA),
        lambda: _token(EC, {"alg": "ES256"}),
        lambda: _token(header={"alg": "RS384"}),
        lambda: _token(header={"kid": "fake-unknown"}),
        lambda: _token(EC, {"alg": "ES256", "kid": RSA.kid}),
        _unsigned,
        _signed_with_the_public_key,
        _critical,
        _padded,
    ],
)
def test_a_token_decides_nothing_about_its_verification(token: Callable[[], str]) -> None:
    with pytest.raises(TokenError):
        _tokens().verify(token(), now=NOW)


def test_a_token_of_one_tenant_is_none_of_another_with_the_same_key() -> None:
    tokens = _tokens(_tenant(), _tenant("meadow", "https://id.meadow.example"))
    assert tokens.verify(_token(), now=NOW).tenant.name == "harbor"
    of_meadow = tokens.verify(_token(iss="https://id.meadow.example"), now=NOW)
    assert of_meadow.tenant.name == "meadow"


@given(st.data())
def test_a_changed_token_is_accepted_only_if_joserfc_accepts_it(data: st.DataObject) -> None:
    token = _token()
    at = data.draw(st.integers(0, len(token) - 1))
    changed = token[:at] + data.draw(st.characters(codec="utf-8")) + token[at + 1 :]
    try:
        _tokens().verify(changed, now=NOW)
    except TokenError:
        return
    try:
        jwt.decode(changed, RSA, algorithms=["RS256"])
    except (JoseError, ValueError) as error:
        pytest.fail(f"joserfc refuses it: {error!r}")


def test_a_verified_token_is_kept_until_it_expires(monkeypatch: pytest.MonkeyPatch) -> None:
    tokens, token = _tokens(), _token()
    tokens.verify(token, now=NOW)
    monkeypatch.setattr(access_tokens, "_parts", _never)
    tokens.verify(token, now=NOW + 59)
    with pytest.raises(TokenError, match="expired"):
        tokens.verify(token, now=NOW + 60)


def test_a_verified_token_is_checked_again_when_its_tenant_changes() -> None:
    known = {ISSUER: _tenant()}
    tokens = AccessTokens(known.get, IssuerKeys())
    tokens.verify(_token(), now=NOW)
    known[ISSUER] = msgspec.structs.replace(_tenant(), audience="other")
    with pytest.raises(TokenError):
        tokens.verify(_token(), now=NOW)
    del known[ISSUER]
    with pytest.raises(TokenError):
        tokens.verify(_token(), now=NOW)


def test_verified_tokens_are_bounded() -> None:
    tokens = _tokens(_tenant(algorithms=frozenset({"ES256"})))
    for number in range(access_tokens.MOST_KEPT + 3):
        tokens.verify(_token(EC, {"alg": "ES256"}, sub=f"user-{number}"), now=NOW)
    assert len(tokens._verified) == access_tokens.MOST_KEPT


def test_a_refused_token_is_not_kept() -> None:
    tokens = _tokens()
    with pytest.raises(TokenError):
        tokens.verify(_token(OTHER_RSA), now=NOW)
    assert not tokens._verified


@pytest.mark.parametrize(
    ("header", "token"),
    [
        ({"authorization": "Bearer abc"}, "abc"),
        ({"authorization": "bearer abc"}, "abc"),
        ({"authorization": "Token abc"}, ""),
        ({"authorization": "Bearer"}, ""),
        ({}, ""),
    ],
)
def test_only_bearer_tokens_are_read(header: dict[str, str], token: str) -> None:
    assert bearer(header) == token


def _never(*_: object) -> None:
    raise AssertionError("the token is verified again")


def _json(value: Any) -> str:
    return _text(json.dumps(value).encode())
