"""The browser comes back from the provider: what it was granted waits for the session that began.

That a browser brings a `state` shows only that somebody began with it. An attacker may have begun,
and sent someone else to consent: that account would then be read for the attacker's profile. So the
browser is sent on to the host app, whose user has to confirm with a token of their own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from topk.domain.account.handshake import Handshake, hash_of
from topk.domain.account.pending_connection import CONFIRM_SECONDS, PendingConnection
from topk.domain.crawl.provider import Authorization, Provider
from topk.domain.errors import HandshakeError, ProviderError
from topk.usecases.ports import Handshakes, PendingConnections, Vault

_ERRORS = frozenset({"access_denied", "temporarily_unavailable", "server_error"})


@dataclass(frozen=True, slots=True)
class Returned:
    """Where the browser goes, with the `confirmation` or the `error` code to tell there.

    `reason` is for the log: what the provider did instead of giving a grant.
    """

    provider: str
    return_to: str
    confirmation: str = field(default="", repr=False)
    error: str = ""
    reason: str = ""


async def receive_grant(
    name: str,
    answer: Mapping[str, str],
    *,
    provider: Callable[[str, str], Provider],
    handshakes: Handshakes,
    pending: PendingConnections,
    vault: Vault,
    new_secret: Callable[[], str],
    now: int,
) -> Returned:
    """Turns the parameters of the callback of provider `name` into a pending connection.

    `provider` gives it as the app of a tenant, which only the handshake tells. Raises
    HandshakeError where `state` is not one that was begun for this provider. A refusal by
    the user or the provider stores nothing and is told in the result.
    """
    state = answer.get("state", "")
    handshake = handshakes.take(state, now=now)
    if handshake.provider != name:
        raise HandshakeError("state was begun for another provider")
    if error := answer.get("error"):
        return _refused(handshake, error if error in _ERRORS else "provider_error")
    authorization = Authorization(state, handshake.code_verifier, handshake.redirect_uri)
    try:
        adapter = provider(handshake.owner.tenant, name)
        grant = await adapter.complete(authorization, answer, now=now)
    except ProviderError as failure:
        reason = f"{type(failure).__name__}: {failure}"
        return _refused(handshake, "exchange_failed", reason)
    confirmation = new_secret()
    pending.put(
        PendingConnection(
            confirmation_hash=hash_of(confirmation),
            owner=handshake.owner,
            provider=name,
            sealed_grant=vault.seal(handshake.owner, name, grant, now=now),
            expires_at=now + CONFIRM_SECONDS,
        )
    )
    return Returned(name, handshake.return_to, confirmation)


def _refused(handshake: Handshake, error: str, reason: str = "") -> Returned:
    return Returned(handshake.provider, handshake.return_to, error=error, reason=reason)
