"""The listeners: people of two tenants, with their accounts, habits and follows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from simulator.listeners import names
from simulator.listeners.dice import Dice, Weighted, zipf

TENANTS = ("harbor", "meadow")
STREAMING = ("spotify", "apple_music", "youtube")
SCROBBLERS = ("lastfm", "listenbrainz")
PROVIDERS = (*STREAMING, *SCROBBLERS, "partner")
MEADOW_SHARE = 0.2
ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",
    "Asia/Kolkata",
    "Asia/Tokyo",
    "Australia/Sydney",
)
FOLLOWS_AT_MOST = 12
HEAVY_PER_DAY = 200
_SCROBBLER, _SCROBBLES = 0.35, 0.7
_ACCOUNTS = Weighted((0.5, 0.35, 0.15))
_REACH = (0.6, 0.35, 0.35)


@dataclass(frozen=True, slots=True)
class Listener:
    """One person of one tenant.

    `accounts` maps a provider to the account's name there, unique in the world. `per_day` is the
    mean number of plays. `follows` are users of the same tenant. Their plays at Spotify are
    also sent to the providers in `scrobbles`.
    """

    tenant: str
    user: str
    name: str
    time_zone: str
    accounts: dict[str, str]
    per_day: float
    follows: tuple[str, ...] = ()
    scrobbles: tuple[str, ...] = ()

    @property
    def heavy(self) -> bool:
        return self.per_day >= HEAVY_PER_DAY


def build_population(
    seed: int, size: int, providers: Sequence[str] = STREAMING, heavy: float = 0.0
) -> tuple[Listener, ...]:
    """`size` listeners; in a tenant of two or more, everyone has a follower.

    They have accounts only at `providers`. A share of them, `heavy`, has only Spotify and plays all
    day.
    """
    meadow = max(2, round(size * MEADOW_SHARE)) if size >= 2 * len(TENANTS) else 0
    people: list[Listener] = []
    for tenant, count in zip(TENANTS, (size - meadow, meadow), strict=True):
        dice = Dice(seed, "population", tenant)
        people += _befriended(dice, [_listener(dice, tenant, number) for number in range(count)])
    return tuple(_settled(person, seed, providers, heavy) for person in people)


def _settled(person: Listener, seed: int, providers: Sequence[str], heavy: float) -> Listener:
    """`person` with scrobbling and heavy use, which must not affect the draws of others."""
    dice = Dice(seed, "scrobbling", person.tenant, person.user)
    if dice.chance(heavy) and "spotify" in providers:
        accounts = {"spotify": _account(person, "spotify")}
        return replace(person, accounts=accounts, per_day=float(HEAVY_PER_DAY))
    further = [name for name in PROVIDERS if name in providers and name not in STREAMING]
    chosen = [name for name in providers if name in person.accounts]
    chosen += [name for name in further if dice.chance(_SCROBBLER)]
    accounts = {name: _account(person, name) for name in chosen or [dice.pick(providers)]}
    scrobblers = [name for name in SCROBBLERS if name in accounts and dice.chance(_SCROBBLES)]
    told = tuple(scrobblers) if "spotify" in accounts else ()
    return replace(person, accounts=accounts, scrobbles=told)


def _account(person: Listener, provider: str) -> str:
    return f"{person.user}@{person.tenant}.{provider}"


def _listener(dice: Dice, tenant: str, number: int) -> Listener:
    """The first few users of both tenants share ids, as can happen between host apps."""
    first = names.FIRST_NAMES[number % len(names.FIRST_NAMES)]
    last = dice.pick(names.LAST_NAMES) if number else "Moreno"
    user = f"{first.lower()}.{number + 1}".translate(_PLAIN)
    accounts = {provider: f"{user}@{tenant}.{provider}" for provider in _providers(dice)}
    return Listener(
        tenant=tenant,
        user=user,
        name=f"{first} {last}",
        # Apple Music gives no times. Plays between two polls get the right day only if the polls
        # are at the ends of days, which the world can arrange only for UTC.
        time_zone="UTC" if "apple_music" in accounts else dice.pick(ZONES),
        accounts=accounts,
        per_day=_per_day(dice),
    )


_PLAIN = str.maketrans("íë", "ie")


def _providers(dice: Dice) -> list[str]:
    """One to three providers, Spotify the most likely."""
    wanted = 1 + _ACCOUNTS.draw(dice)
    found: set[int] = set()
    while len(found) < wanted:
        found.add(Weighted(_REACH).draw(dice))
    return [STREAMING[position] for position in sorted(found)]


def _per_day(dice: Dice) -> float:
    """Mostly 15 to 30; one in twelve nearly silent, one in twelve heavy."""
    habit = dice.fraction()
    if habit < 1 / 12:
        return dice.between(0.1, 1)
    return dice.between(34, 40) if habit > 11 / 12 else dice.between(15, 30)


def _befriended(dice: Dice, people: list[Listener]) -> list[Listener]:
    """Adds follows: popularity follows Zipf, and a ring of neighbours gives everyone a follower."""
    if len(people) < 2:
        return people
    popularity = zipf(len(people))
    follows = []
    for position in range(len(people)):
        chosen = {(position + 1) % len(people)}
        chosen |= {popularity.draw(dice) for _ in range(dice.whole(0, FOLLOWS_AT_MOST))}
        follows.append(tuple(people[other].user for other in sorted(chosen - {position})))
    return [replace(person, follows=ids) for person, ids in zip(people, follows, strict=True)]
