"""The scenarios of a day of crawling, by name."""

from dataclasses import dataclass

SPOTIFY, APPLE_MUSIC, YOUTUBE = range(3)


@dataclass(frozen=True, slots=True)
class Spell:
    """Hours of the first day, from `begins` to before `ends`."""

    begins: float
    ends: float


@dataclass(frozen=True, slots=True)
class Trouble:
    """A provider that serves only `share` of the needed calls; 0 means down."""

    provider: int
    spell: Spell
    share: float


@dataclass(frozen=True, slots=True)
class Scenario:
    """`growth` multiplies the users, and with `grown_budgets` also the providers' budgets.

    `surge`: new connections within a spell, as a share of all, crawled at once. `short_of` is the
    share of the need that Spotify grants, and `pushed` whether it pushes plays of many accounts.
    """

    name: str
    says: str
    growth: float = 1.0
    grown_budgets: bool = True
    short_of: float | None = None
    trouble: Trouble | None = None
    dispatcher_down: Spell | None = None
    surge: tuple[Spell, float] | None = None
    pushed: bool = False

    @property
    def incident(self) -> Spell | None:
        """The spell after which there may be something to catch up on."""
        if self.trouble is not None:
            return self.trouble.spell
        return self.dispatcher_down or (self.surge[0] if self.surge else None)


def _tight(name: str, share: float) -> list[Scenario]:
    says = f"Spotify grants {share:.0%} of the need"
    return [
        Scenario(name, says, short_of=share),
        Scenario(
            f"{name}-push", f"{says}; 60% of its accounts pushed", short_of=share, pushed=True
        ),
    ]


_NOON = 12.0
SCENARIOS = (
    Scenario("ordinary", "every account at least once a day"),
    Scenario("doubled", "twice the users, budgets doubled", growth=2.0),
    Scenario(
        "doubled-same-budgets",
        "twice the users, budgets as they were",
        growth=2.0,
        grown_budgets=False,
    ),
    Scenario("spike", "5% new accounts within an hour", surge=(Spell(_NOON, 13), 0.05)),
    Scenario(
        "throttled",
        "Spotify grants half the need for 3 h",
        trouble=Trouble(SPOTIFY, Spell(_NOON, 15), 0.5),
    ),
    Scenario(
        "provider-down", "Spotify down for 2 h", trouble=Trouble(SPOTIFY, Spell(_NOON, 14), 0.0)
    ),
    Scenario("dispatcher-down", "dispatcher down for 1 h", dispatcher_down=Spell(_NOON, 13)),
    *_tight("short", 0.8),
    *_tight("scarce", 0.5),
    *_tight("quarter", 0.25),
)
BY_NAME = {scenario.name: scenario for scenario in SCENARIOS}
