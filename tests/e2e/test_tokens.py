"""Invalid tokens at the deployed API: each is refused."""

import base64
import hmac
import json
from collections.abc import Iterator, Mapping
from typing import Any

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from cli.local_stack.stack import LocalStack
from cli.local_stack.tokens import server_token, user_token
from infra_cdk.api.routes import SCOPED, SIGNED_IN
from topk.clock import wall_clock

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("end to end")]

FOREIGN_KEY = RSAKey.generate_key(2048, auto_kid=True)
DAY = 86_400
GUARDED = [
    (
        method,
        path.format(
            user_id="anna",
            provider="spotify",
            song_id="a" * 16,
            receipt="r-1",
            token_id="a" * 64,
            import_id="fakeimport1",
            correction_id="a" * 16,
        ),
    )
    for functions in (SIGNED_IN, *SCOPED.values())
    for routes in functions.values()
    for path, methods in routes.items()
    for method in methods
]


@pytest.fixture
def http() -> Iterator[httpx2.Client]:
    with httpx2.Client(timeout=30, trust_env=False) as client:
        yield client


def test_every_invalid_token_is_refused(stack: LocalStack, http: httpx2.Client) -> None:
    good = user_token(stack, http, "harbor", _user(stack, http, "harbor"))
    assert _status(stack, http, good) == 200, "what is varied below is good"
    for fault, token in _faults(good, _public_key(stack, http)).items():
        assert _status(stack, http, token) in {401, 404}, fault


@pytest.mark.parametrize(
    "fault", ["expired", "not yet valid", "issued later", "audience", "issuer", "subject"]
)
def test_a_valid_signature_does_not_excuse_invalid_claims(
    stack: LocalStack, http: httpx2.Client, fault: str
) -> None:
    now = int(wall_clock())
    claims: dict[str, dict[str, Any]] = {
        "expired": {"iat": now - 2 * DAY, "exp": now - DAY},
        "not yet valid": {"nbf": now + DAY, "exp": now + 2 * DAY},
        "issued later": {"iat": now + DAY, "exp": now + 2 * DAY},
        "audience": {"aud": "other"},
        "issuer": {"iss": "https://id.nobody.example"},
        "subject": {"sub": None},
    }
    asked = {"user": _user(stack, http, "harbor"), "claims": claims[fault]}
    answer = http.post(f"{stack.world_url}/host/harbor/sign-in", json=asked)
    assert _status(stack, http, answer.json()["token"]) == 401


def test_no_endpoint_accepts_a_token_of_another_tenant(
    stack: LocalStack, http: httpx2.Client
) -> None:
    for tenant, other in (("harbor", "meadow"), ("meadow", "harbor")):
        user = user_token(stack, http, other, _user(stack, http, other))
        tokens = (user, server_token(stack, http, other))
        for method, path in GUARDED:
            for token in tokens:
                assert _status(stack, http, token, method, path, tenant) == 401, (method, path)


def test_a_server_token_works_only_on_the_graph_and_a_user_token_on_all_else(
    stack: LocalStack, http: httpx2.Client
) -> None:
    server = server_token(stack, http, "harbor")
    user = user_token(stack, http, "harbor", _user(stack, http, "harbor"))
    edges = ("POST", "/v1/graph/edges")
    assert _status(stack, http, user, *edges) == 403
    assert _status(stack, http, server, *edges) == 400, "let in, and without a body"
    for path in ("/v1/me", "/v1/me/top", "/v1/connections", "/v1/users/anna/top"):
        assert _status(stack, http, server, "GET", path) == 401


def _faults(good: str, public: str) -> Mapping[str, str]:
    """Tokens that differ from `good` in one respect. `public` is the issuer's key, as PEM."""
    head, body, signature = good.split(".")
    header, claims = _read(head), _read(body)
    kid = header["kid"]
    other = claims | {"sub": "somebody-else"}
    return {
        "signature of another token": f"{head}.{_written(other)}.{signature}",
        "signature changed": f"{head}.{body}.{signature[:-8]}AAAAAAAA",
        "no signature": f"{head}.{body}.",
        "algorithm none": f"{_written(header | {'alg': 'none'})}.{body}.",
        "key of another": _signed(kid, claims),
        "key nobody knows": _signed(str(FOREIGN_KEY.kid), claims),
        "HS256 with the public key": _under_secret(public, header | {"alg": "HS256"}, claims),
        "two parts": f"{head}.{body}",
        "garbage": "garbage",
        "garbage in three parts": "a.b.c",
        "empty parts": "..",
        "not ASCII": base64.urlsafe_b64encode("ü.ü.ü".encode()).decode(),
    }


def _read(part: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=="))
    return found


def _written(part: Mapping[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def _signed(kid: str, claims: Mapping[str, Any]) -> str:
    return jwt.encode({"alg": "RS256", "kid": kid}, dict(claims), FOREIGN_KEY)


def _under_secret(secret: str, header: Mapping[str, Any], claims: Mapping[str, Any]) -> str:
    """Made by hand: no library signs with a public key as if it were a secret."""
    signed = f"{_written(header)}.{_written(claims)}"
    digest = hmac.new(secret.encode(), signed.encode(), "sha256").digest()
    return f"{signed}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


def _public_key(stack: LocalStack, http: httpx2.Client) -> str:
    (key,) = http.get(f"{stack.world_url}/host/harbor/jwks.json").json()["keys"]
    return RSAKey.import_key(key).as_pem(private=False).decode()


def _user(stack: LocalStack, http: httpx2.Client, tenant: str) -> str:
    people = http.get(f"{stack.world_url}/world/listeners").json()
    return str(next(one["user"] for one in people if one["tenant"] == tenant))


def _status(
    stack: LocalStack,
    http: httpx2.Client,
    token: str,
    method: str = "GET",
    path: str = "/v1/me",
    tenant: str = "harbor",
) -> int:
    url = f"{stack.api_urls[tenant]}{path}"
    headers = {"authorization": f"Bearer {token}"}
    return http.request(method, url, headers=headers).status_code
