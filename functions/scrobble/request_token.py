"""A player's request for consent, as a token that nobody has to store.

24 bytes: when it was made, 96 random bits, and a check of both under the tenant's secret. The check
only tells a player early that its token is wrong; the random part is what cannot be guessed.
"""

import base64
import binascii
import hmac
import secrets

from functions.scrobble.lastfm_wire import FailedError, Failure
from topk.usecases.scrobbling.personal_tokens import CONSENT_SECONDS

_TIME, _RANDOM, _CHECK = 4, 12, 8
_AHEAD_SECONDS = 300


def new_request(secret: str, *, now: int) -> str:
    made = now.to_bytes(_TIME, "big") + secrets.token_bytes(_RANDOM)
    return base64.urlsafe_b64encode(made + _check(made, secret)).decode()


def verify_request(token: str, secret: str, *, now: int) -> None:
    """Raises FailedError for a token that is not of this tenant, or too old."""
    try:
        raw = base64.b64decode(token.encode(), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise FailedError(Failure.NOT_SIGNED_IN) from None
    made, check = raw[: _TIME + _RANDOM], raw[_TIME + _RANDOM :]
    if not hmac.compare_digest(check, _check(made, secret)):
        raise FailedError(Failure.NOT_SIGNED_IN)
    at = int.from_bytes(made[:_TIME], "big")
    if not at - _AHEAD_SECONDS <= now < at + CONSENT_SECONDS:
        raise FailedError(Failure.EXPIRED)


def _check(made: bytes, secret: str) -> bytes:
    return hmac.new(secret.encode(), made, "sha256").digest()[:_CHECK]
