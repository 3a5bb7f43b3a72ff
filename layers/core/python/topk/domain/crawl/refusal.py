"""When a provider's refusal of one account ends its connection.

Some refusals are certain: the user revoked the grant. Others (no such user, private, forbidden)
have also been seen during outages, so each counts for one account alone, and only when it is
repeated for hours. While many accounts of one app are refused at once, none of it counts: that is
the provider's fault or ours, not the users'.
"""

from dataclasses import replace

from topk.domain.account.connection import Connection

ATTEMPTS_TO_END = 4
SECONDS_TO_END = 6 * 3600
RETRY_SECONDS = 2 * 3600
"""After so long a refused account is asked for again."""
MANY = 5
"""Accounts of one app that are refused at once."""


def refused(connection: Connection, reason: str, *, now: int) -> Connection:
    """`connection` after one more refusal for `reason`, a short code."""
    if connection.reason != reason or not connection.refusals:
        return replace(connection, reason=reason, refusals=1, refused_since=now)
    return replace(connection, refusals=connection.refusals + 1)


def is_final(connection: Connection, *, now: int) -> bool:
    """Whether `connection` was refused so often, and for so long, that only its owner can help."""
    lasted = now - connection.refused_since
    return connection.refusals >= ATTEMPTS_TO_END and lasted >= SECONDS_TO_END


def is_widespread(refusals: int, answers: int) -> bool:
    """Whether of the accounts asked at once so many were refused that it is no matter of each."""
    return refusals >= MANY and refusals > answers
