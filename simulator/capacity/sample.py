"""A sample of the accounts of one provider, with all their crawls: what the product decided."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Crawled(NamedTuple):
    """One crawl of the account number `account`, due `seconds` after the first day began.

    Only one that `asks` the provider waits for the budget; otherwise pushes had brought the plays.
    `on_view`: a view asked for it, and by the `express` lane if the owner has many followers.
    """

    account: int
    seconds: int
    asks: bool
    on_view: bool = False
    express: bool = False


@dataclass(frozen=True, slots=True)
class Sample:
    """`kinds` has the kind of each account, as a place in KINDS.

    `plays` and `plays_lost` are those of `days`, `with_plays` is the share of the crawls that found
    any, `pushed_listening` the number of accounts whose plays are pushed, and `price` that of the
    budget.
    """

    kinds: Sequence[int]
    crawled: Sequence[Crawled]
    days: int
    plays: int
    plays_lost: int
    with_plays: float
    pushed_listening: int
    price: float

    def a_day(self, *, on_view: bool, express: bool | None = None) -> float:
        """Crawls that ask the provider, by day and account."""
        found = sum(
            one.seconds >= 0
            and one.asks
            and one.on_view == on_view
            and (express is None or one.express == express)
            for one in self.crawled
        )
        return found / self.days / len(self.kinds)

    @property
    def crawls_each(self) -> float:
        """Crawls by day and account that ask the provider."""
        return self.a_day(on_view=False) + self.a_day(on_view=True)


Decide = Callable[[int, float | None, float], Sample]
"""Place of a provider, its budget in crawls a day and account (None: it suffices), and the share of
the accounts whose plays are pushed -> what the product does."""
