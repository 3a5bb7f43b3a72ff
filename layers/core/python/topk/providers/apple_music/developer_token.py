"""Apple's developer token: a JWT signed with the developer's key.

Source: developer.apple.com/documentation/applemusicapi/generating-developer-tokens. Apple allows
lifetimes of up to 15777000 s; ours is a day, because browsers receive the token too.
"""

from joserfc import jwt
from joserfc.jwk import ECKey

LIFETIME_SECONDS = 86_400
MARGIN_SECONDS = 3600
"""A token with less than this left is replaced: `now` may lag behind while messages wait."""


class DeveloperToken:
    """Signs when it must, and keeps what it signed."""

    def __init__(self, *, team_id: str, key_id: str, private_key: str) -> None:
        self._team_id = team_id
        self._header = {"alg": "ES256", "kid": key_id}
        self._private_key = private_key
        self._token = ""
        self._good_until = 0

    def at(self, now: int) -> str:
        """A token that Apple takes at `now` (epoch seconds) and for at least an hour more."""
        issued = self._good_until - LIFETIME_SECONDS + MARGIN_SECONDS
        if not issued <= now < self._good_until:
            claims = {"iss": self._team_id, "iat": now, "exp": now + LIFETIME_SECONDS}
            self._token = jwt.encode(self._header, claims, ECKey.import_key(self._private_key))
            self._good_until = now + LIFETIME_SECONDS - MARGIN_SECONDS
        return self._token
