"""Requirements of RFC 9700 for every provider with an authorization code flow."""

import base64
import hashlib

import httpx2
import pytest

from tests.providers.accounts import (
    APPLE_MUSIC,
    AUTHORIZATION,
    LASTFM,
    LISTENBRAINZ,
    NOW,
    PARTNER,
    SPOTIFY,
    YOUTUBE,
    Account,
)
from tests.providers.scripted import Script, run
from topk.domain.errors import BadPayloadError

ISSUERS = {
    "spotify": "https://accounts.spotify.com",
    "youtube": "https://accounts.google.com",
    "listenbrainz": "https://musicbrainz.org",
    "partner": "https://accounts.partner.example",
}
CODE_FLOWS = pytest.mark.parametrize(
    "account", [SPOTIFY, YOUTUBE, LISTENBRAINZ, PARTNER], ids=lambda one: one.provider
)


@CODE_FLOWS
def test_the_challenge_uses_s256_and_the_redirect_is_exactly_ours(account: Account) -> None:
    asked = httpx2.URL(account.adapter(Script().http).authorize_url(AUTHORIZATION)).params
    digest = hashlib.sha256(AUTHORIZATION.code_verifier.encode()).digest()
    assert asked["code_challenge"] == base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    assert asked["code_challenge_method"] == "S256"
    assert asked["response_type"] == "code"
    assert asked["redirect_uri"] == AUTHORIZATION.redirect_uri


@CODE_FLOWS
@pytest.mark.parametrize("issuer", ["https://evil.example", "", "trailing slash"])
def test_a_code_of_another_issuer_is_never_sent(account: Account, issuer: str) -> None:
    named = f"{ISSUERS[account.provider]}/" if issuer == "trailing slash" else issuer
    script = Script()
    answer = {"code": "fake-code-1", "state": AUTHORIZATION.state, "iss": named}
    with pytest.raises(BadPayloadError, match="issuer"):
        run(account.adapter(script.http).complete(AUTHORIZATION, answer, now=NOW))
    assert script.requests == []


@CODE_FLOWS
def test_a_code_of_the_expected_issuer_is_redeemed(account: Account) -> None:
    script = Script(httpx2.Response(500))
    answer = {"code": "fake-code-1", "iss": ISSUERS[account.provider]}
    with pytest.raises(Exception, match="500"):
        run(account.adapter(script.http).complete(AUTHORIZATION, answer, now=NOW))
    assert len(script.requests) == 1


def test_the_providers_without_a_code_flow_are_known() -> None:
    """Last.fm and Apple Music have neither codes nor PKCE: the state and the user's own
    confirmation protect them."""
    for account in (LASTFM, APPLE_MUSIC):
        asked = account.adapter(Script().http).authorize_url(AUTHORIZATION)
        assert "code_challenge" not in asked
        assert AUTHORIZATION.state in asked
