"""Make, list, revoke and recognise personal tokens."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from hmac import compare_digest

from topk.domain.account.connection import Grant
from topk.domain.account.personal_token import (
    SHOWN_USE_SECONDS,
    Kind,
    PersonalToken,
    hash_of,
    password_of,
    session_of,
)
from topk.domain.errors import (
    InvalidRequestError,
    LimitReachedError,
    NotVisibleError,
    SealError,
    TokenError,
)
from topk.domain.limits import LONGEST_TOKEN_NAME, MOST_PERSONAL_TOKENS
from topk.domain.owner import Owner
from topk.usecases.accounts.update_profile import read_profile
from topk.usecases.ports import PersonalTokens, Profiles, Vault

CONSENT_SECONDS = 3600
"""How long a player may wait for the user's consent, as at Last.fm."""
_SEALED_FOR = "personal_token"


@dataclass(frozen=True, slots=True)
class TokenStores:
    """What the use cases of personal tokens need. `vault` is created on first use."""

    tokens: PersonalTokens
    profiles: Profiles
    vault: Callable[[], Vault]


@dataclass(frozen=True, slots=True)
class Consent:
    """A player's request: its own `request` token, and the `name` to show for it."""

    request: str
    name: str


def make_token(
    owner: Owner, name: str, *, stores: TokenStores, new_token: Callable[[], str], now: int
) -> tuple[str, PersonalToken]:
    """A new token, in the clear this one time, and what is stored of it.

    Raises InvalidRequestError for a blank or long `name`, LimitReachedError above
    MOST_PERSONAL_TOKENS, and NotVisibleError for an owner who is being erased.
    """
    shown = " ".join(name.split())
    if not 1 <= len(shown) <= LONGEST_TOKEN_NAME or not shown.isprintable():
        raise InvalidRequestError("name", f"must be 1 to {LONGEST_TOKEN_NAME} printable characters")
    read_profile(owner, profiles=stores.profiles)
    _check_limit(owner, stores)
    stores.profiles.create(owner)
    token = new_token()
    made = _sealed(token, owner, Kind.TOKEN, shown, stores, now)
    stores.tokens.put(made)
    return token, made


def list_tokens(owner: Owner, *, stores: TokenStores) -> list[PersonalToken]:
    """The owner's tokens and sessions, oldest first, each with the last use of any of its keys.

    Raises NotVisibleError for an owner who is being erased.
    """
    read_profile(owner, profiles=stores.profiles)
    return [one for one in stores.tokens.of_owner(owner) if one.shown]


def revoke_token(owner: Owner, token_hash: str, *, stores: TokenStores) -> None:
    """End a token and the session derived from it, at once.

    Raises NotVisibleError if the owner has none with this hash, or is being erased.
    """
    read_profile(owner, profiles=stores.profiles)
    found = stores.tokens.get(token_hash)
    if found is None or found.owner != owner or not found.shown:
        raise NotVisibleError("token")
    # Sessions first: a crash in between leaves the token listed, to be revoked again.
    for session in _sessions(found, stores):
        stores.tokens.delete(session, owner)
    stores.tokens.delete(token_hash, owner)


def authenticate(token: str, *, tenant: str, stores: TokenStores, now: int) -> PersonalToken:
    """What is stored of `token`, a personal token or a session key, whose use is noted.

    `tenant` is the one whose API was called, empty if unknown. Raises TokenError for a token that
    is unknown, was revoked or is another tenant's.
    """
    found = stores.tokens.get(hash_of(token))
    if found is None or found.kind is Kind.CONSENT or tenant not in {"", found.owner.tenant}:
        raise TokenError("is unknown or revoked")
    if found.last_used_at <= now - SHOWN_USE_SECONDS:
        for used in {found.token_hash, found.parent} - {""}:
            stores.tokens.note_use(used, now=now)
    return found


def sign_in(
    owner: Owner,
    verifies: Callable[[str], bool],
    *,
    stores: TokenStores,
    now: int,
) -> str:
    """The session key of the owner's token whose MD5 `verifies`. Idempotent.

    Raises TokenError if there is none.
    """
    for token in stores.tokens.of_owner(owner):
        password = _password(token, stores) if token.kind is Kind.TOKEN else ""
        if password and verifies(password):
            key = session_of(password)
            session = _session(key, token)
            if stores.tokens.get(session.token_hash) is None:
                stores.tokens.put(session)
            stores.tokens.note_use(token.token_hash, now=now)
            return key
    raise TokenError("is unknown or revoked")


def allow(
    consent: Consent, token: str, *, tenant: str, stores: TokenStores, now: int
) -> PersonalToken:
    """Allow a player to add plays for the owner of `token`.

    The owner's own token is the consent: a stranger's browser cannot give it. Raises TokenError as
    `authenticate` does.
    """
    given = authenticate(token, tenant=tenant, stores=stores, now=now)
    allowed = PersonalToken(
        token_hash=hash_of(consent.request),
        owner=given.owner,
        kind=Kind.CONSENT,
        name=consent.name,
        created_at=now,
        expires_at=now + CONSENT_SECONDS,
    )
    stores.tokens.put(allowed)
    return allowed


def begin_session(
    request: str, *, stores: TokenStores, new_token: Callable[[], str], now: int
) -> tuple[str, PersonalToken]:
    """The session key of a player whose `request` was allowed; a request is used once.

    Raises TokenError if it was not allowed, or was used, and LimitReachedError above
    MOST_PERSONAL_TOKENS.
    """
    allowed = stores.tokens.get(hash_of(request))
    if allowed is None or allowed.kind is not Kind.CONSENT:
        raise TokenError("was not allowed")
    _check_limit(allowed.owner, stores)
    if not stores.tokens.delete(allowed.token_hash, allowed.owner):
        raise TokenError("was used before")
    key = new_token()
    made = PersonalToken(hash_of(key), allowed.owner, Kind.SESSION, allowed.name, created_at=now)
    stores.tokens.put(made)
    return key, made


def passwords_of(owner: Owner, *, stores: TokenStores) -> Iterator[str]:
    """The MD5 of each of the owner's tokens."""
    for token in stores.tokens.of_owner(owner):
        if token.kind is Kind.TOKEN:
            yield _password(token, stores)


def same(one: str, other: str) -> bool:
    """Compares in constant time, whatever was sent."""
    return compare_digest(one.encode("utf-8", "surrogatepass"), other.encode())


def _sealed(
    token: str, owner: Owner, kind: Kind, name: str, stores: TokenStores, now: int
) -> PersonalToken:
    made = PersonalToken(hash_of(token), owner, kind, name, created_at=now)
    subject = f"{_SEALED_FOR}#{made.token_hash}"
    grant = Grant(password_of(token))
    return replace(made, sealed_password=stores.vault().seal(owner, subject, grant, now=now))


def _password(token: PersonalToken, stores: TokenStores) -> str:
    """Empty for a session, and for a seal that does not open: such a token still works where
    players send it whole.
    """
    if not token.sealed_password:
        return ""
    subject = f"{_SEALED_FOR}#{token.token_hash}"
    try:
        return stores.vault().open(token.owner, subject, token.sealed_password).access_token
    except SealError:
        return ""


def _sessions(token: PersonalToken, stores: TokenStores) -> set[str]:
    """Hashes of the sessions derived from `token`: those listed, and the one that may have been
    written too recently to be.
    """
    listed = {
        one.token_hash
        for one in stores.tokens.of_owner(token.owner)
        if one.parent == token.token_hash
    }
    password = _password(token, stores)
    return listed | ({hash_of(session_of(password))} if password else set())


def _session(key: str, token: PersonalToken) -> PersonalToken:
    return PersonalToken(
        token_hash=hash_of(key),
        owner=token.owner,
        kind=Kind.SESSION,
        name=token.name,
        created_at=token.created_at,
        parent=token.token_hash,
    )


def _check_limit(owner: Owner, stores: TokenStores) -> None:
    if sum(one.shown for one in stores.tokens.of_owner(owner)) >= MOST_PERSONAL_TOKENS:
        raise LimitReachedError("tokens", MOST_PERSONAL_TOKENS)
