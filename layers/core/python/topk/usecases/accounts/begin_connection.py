"""Start connecting an account: store a handshake and return the provider's consent URL."""

from collections.abc import Callable

from topk.domain.account.handshake import LIFETIME_SECONDS, Handshake, hash_of
from topk.domain.crawl.provider import Authorization, Provider
from topk.domain.errors import InvalidRequestError, TooSoonError
from topk.domain.limits import MOST_HANDSHAKES
from topk.domain.owner import Owner
from topk.usecases.accounts.connection_limit import enforce_limit
from topk.usecases.ports import Connections, Handshakes


def begin_connection(
    owner: Owner,
    provider: Provider,
    *,
    return_to: str | None,
    allowed_returns: tuple[str, ...],
    redirect_uri: str,
    connections: Connections,
    most_connections: int,
    handshakes: Handshakes,
    new_secret: Callable[[], str],
    now: int,
) -> str:
    """The URL to open in the user's browser.

    `return_to` must equal one of the tenant's `allowed_returns`; None means the first. Raises
    InvalidRequestError otherwise, LimitReachedError if the user already has `most_connections` to
    other providers, and TooSoonError if MOST_HANDSHAKES of theirs are open.
    """
    goal = allowed_returns[0] if return_to is None else return_to
    if goal not in allowed_returns:
        raise InvalidRequestError("return_to", "is not a configured return address of this tenant")
    enforce_limit(owner, provider.name, connections=connections, most=most_connections)
    _check_handshakes(owner, handshakes, now)
    authorization = Authorization(
        state=new_secret(), code_verifier=new_secret(), redirect_uri=redirect_uri
    )
    handshakes.put(
        Handshake(
            state_hash=hash_of(authorization.state),
            owner=owner,
            provider=provider.name,
            code_verifier=authorization.code_verifier,
            redirect_uri=redirect_uri,
            return_to=goal,
            expires_at=now + LIFETIME_SECONDS,
        )
    )
    return provider.authorize_url(authorization)


def _check_handshakes(owner: Owner, handshakes: Handshakes, now: int) -> None:
    begun = [one.expires_at for one in handshakes.of_owner(owner) if one.expires_at > now]
    if len(begun) >= MOST_HANDSHAKES:
        raise TooSoonError(min(begun) - now)
