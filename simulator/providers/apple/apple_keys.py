"""Verifies Apple's developer tokens."""

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, GuestProtocol

from simulator.providers.apps import Apps, SigningKey

LONGEST_SECONDS = 15_777_000


def signing_team(token: str, apps: Apps, now: float) -> str | None:
    """The team that signed the ES256 token; None if it is forged, unknown or not valid now."""
    try:
        signed = jwt.decode(token, lambda jws: _public_key(apps, jws), algorithms=["ES256"])
    except (JoseError, ValueError):
        return None
    key = apps.key(signed.header["kid"])
    if key is None or signed.claims.get("iss") != key.team_id:
        return None
    return key.team_id if _timely(signed.claims, now) else None


def _public_key(apps: Apps, jws: GuestProtocol) -> ECKey:
    key: SigningKey | None = apps.key(str(jws.headers().get("kid")))
    if key is None:
        raise ValueError("no such key")
    return ECKey.import_key(key.public_key)


def _timely(claims: jwt.Claims, now: float) -> bool:
    issued, expires = claims.get("iat"), claims.get("exp")
    if not isinstance(issued, int | float) or not isinstance(expires, int | float):
        return False
    return now < expires <= issued + LONGEST_SECONDS
