"""What a token endpoint answers (RFC 6749, 5.1 and 5.2)."""

import msgspec

from topk.domain.errors import (
    BadPayloadError,
    NotPermittedError,
    ReauthRequiredError,
    TransientError,
)
from topk.providers.http.answer import UNREADABLE, Answer, raise_for_fault, read_json

_DEAD_GRANT = frozenset({"invalid_grant", "access_denied"})
_PASSING = frozenset({"temporarily_unavailable", "server_error"})


class Token(msgspec.Struct):
    """A token answer. `refresh_token_expires_in` is Google's, for consents with an end; `user_id`
    is our own contract's, for the account that consented.
    """

    access_token: str
    expires_in: int = 3600
    refresh_token: str | None = None
    scope: str | None = None
    refresh_token_expires_in: int | None = None
    user_id: str = ""


class _Refusal(msgspec.Struct):
    error: str


_tokens = msgspec.json.Decoder(Token)
_refusals = msgspec.json.Decoder(_Refusal)


def read_token(answer: Answer, *, now: int) -> Token:
    """The token. Raises the ProviderError that anything else stands for."""
    raise_for_fault(answer, now=now)
    _raise_for_refusal(answer)
    return read_json(answer, _tokens)


def _raise_for_refusal(answer: Answer) -> None:
    """RFC 6749, 5.2; some providers send it with status 200."""
    try:
        code = _refusals.decode(answer.body).error
    except UNREADABLE:
        return
    if code in _DEAD_GRANT:
        raise ReauthRequiredError(code)
    if code in _PASSING:
        raise TransientError(code)
    if answer.status in {400, 401, 403}:
        raise NotPermittedError("the token endpoint refuses this client")
    raise BadPayloadError(f"answered {answer.status}")
