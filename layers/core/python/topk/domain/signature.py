"""Who sent a push: an HMAC over the body and the moment, under a secret shared with the provider.

    x-topk-signature: t=<epoch seconds>,v1=<hex of HMAC-SHA256 over "<t>.<body>">

The moment is signed too, so that a call that was overheard cannot be repeated later.
"""

import hmac
import re
from collections.abc import Iterable

from topk.domain.errors import SignatureError

WINDOW_SECONDS = 300
"""Maximum difference between a signature's time and ours."""
SHORTEST_SECRET = 32
"""Minimum characters of a secret: a shorter one is a placeholder or can be guessed."""

_HEADER = re.compile(r"t=([0-9]{1,12}),v1=([0-9a-f]{64})", re.ASCII)


def sign(body: bytes, secret: str, *, at: int) -> str:
    """The signature header of `body`, sent at `at` (epoch seconds)."""
    return f"t={at},v1={_digest(body, secret, str(at))}"


def verify(header: str, body: bytes, secrets: Iterable[str], *, now: int) -> None:
    """Returns if one of `secrets` signed `body` within five minutes of `now` (epoch seconds).

    Raises SignatureError otherwise, without details. There are two secrets during a rotation.
    """
    told = _HEADER.fullmatch(header)
    if told is None:
        raise SignatureError("not a signature")
    moment, digest = told.groups()
    if abs(now - int(moment)) > WINDOW_SECONDS:
        raise SignatureError("out of its window")
    usable = [secret for secret in secrets if len(secret) >= SHORTEST_SECRET]
    expected = [_digest(body, secret, moment) for secret in usable]
    # All are compared, so that timing does not reveal which one matched.
    if not sum(hmac.compare_digest(digest, one) for one in expected):
        raise SignatureError("signed by someone else")


def _digest(body: bytes, secret: str, moment: str) -> str:
    return hmac.new(secret.encode(), f"{moment}.".encode() + body, "sha256").hexdigest()
