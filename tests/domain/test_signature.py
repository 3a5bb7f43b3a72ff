"""Signatures of pushes: one sender, one body, five minutes."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import NOON
from topk.domain.errors import SignatureError
from topk.domain.signature import WINDOW_SECONDS, sign, verify

SECRET = "fake-push-secret-of-32-characters"
OTHER = "fake-other-secret-of-32-characters"
BODY = b'{"user_id": "u-1", "listens": []}'
SIGNED = sign(BODY, SECRET, at=NOON)


def test_the_header_matches_the_contract() -> None:
    expected = hmac.new(SECRET.encode(), f"{NOON}.".encode() + BODY, hashlib.sha256).hexdigest()
    assert f"t={NOON},v1={expected}" == SIGNED


@given(st.binary(max_size=200), st.integers(-WINDOW_SECONDS, WINDOW_SECONDS))
def test_a_signature_within_the_time_window_is_accepted(body: bytes, off: int) -> None:
    verify(sign(body, SECRET, at=NOON + off), body, [SECRET], now=NOON)


@pytest.mark.parametrize("secrets", [[OTHER, SECRET], [SECRET, OTHER]])
def test_either_secret_is_accepted_during_a_rotation(secrets: list[str]) -> None:
    verify(SIGNED, BODY, secrets, now=NOON)


@pytest.mark.parametrize("off", [-WINDOW_SECONDS - 1, WINDOW_SECONDS + 1, -86_400])
def test_a_signature_outside_the_time_window_is_refused(off: int) -> None:
    with pytest.raises(SignatureError):
        verify(sign(BODY, SECRET, at=NOON + off), BODY, [SECRET], now=NOON)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "v1=" + "0" * 64,
        f"t={NOON}",
        f"t={NOON},v1=",
        f"t={NOON},v1={'0' * 64}",
        SIGNED.upper(),
        SIGNED + "\n",
        f" {SIGNED}",
        SIGNED.replace(f"t={NOON}", f"t={NOON + 1}"),
        SIGNED.replace("v1", "v0"),
        f"t=\u0661\u0662,v1={'0' * 64}",
        f"t={'9' * 4000},v1={'0' * 64}",
    ],
)
def test_a_malformed_header_is_refused(header: str) -> None:
    with pytest.raises(SignatureError):
        verify(header, BODY, [SECRET], now=NOON)


@given(st.integers(0, len(BODY) - 1), st.integers(1, 255))
def test_a_body_changed_anywhere_is_refused(at: int, flip: int) -> None:
    changed = bytes([*BODY[:at], BODY[at] ^ flip, *BODY[at + 1 :]])
    with pytest.raises(SignatureError):
        verify(SIGNED, changed, [SECRET], now=NOON)


@pytest.mark.parametrize("secret", ["", "unset", "x" * 31])
def test_an_unset_secret_accepts_nothing(secret: str) -> None:
    with pytest.raises(SignatureError):
        verify(sign(BODY, secret, at=NOON), BODY, [secret], now=NOON)


def test_without_secrets_every_signature_is_refused() -> None:
    with pytest.raises(SignatureError):
        verify(SIGNED, BODY, [], now=NOON)
