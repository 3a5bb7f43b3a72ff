"""Provider budgets: one row per provider app, with its breaker and reservations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pynamodb.attributes import NumberAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from topk.domain.crawl.breaker import Breaker, State
from topk.domain.crawl.budget import Lane
from topk.domain.crawl.load_shedding import Plan
from topk.domain.errors import ConflictError, StoreError
from topk.stores.dynamodb import rows
from topk.stores.dynamodb.error_mapping import translated
from topk.stores.dynamodb.models import ProviderBudgetModel

_TRIES = 4


class ProviderBudgets:
    """By app: our registration with a provider, or a tenant's own one, which `#` tells apart.

    Raises StoreError where the table fails.
    """

    def breaker(self, app: str) -> Breaker:
        """As last written; closed where nothing ever was."""
        return self.look(app)[0]

    def look(self, app: str) -> tuple[Breaker, float]:
        """The breaker, and the price of the budget, which is 0 where it suffices."""
        with translated("read budget"):
            try:
                row = ProviderBudgetModel.get(_key(app), consistent_read=True)
            except ProviderBudgetModel.DoesNotExist:
                return Breaker(), 0.0
        breaker = Breaker(
            state=State(row.state or State.CLOSED),
            until=int(row.until or 0),
            failures=int(row.failures or 0),
            trips=int(row.trips or 0),
            limits=int(row.limits or 0),
            version=int(row.version or 0),
        )
        return breaker, float(row.plan_price or 0)

    def plans(self, apps: Sequence[str]) -> Mapping[str, Plan]:
        """The plan of each app, of day 0 where none was made."""
        keys = {(_key(app),): app for app in apps}
        with translated("read plans"):
            found = {
                keys[(rows.text(row, "app"),)]: row
                for row in rows.get_many(ProviderBudgetModel, list(keys))
            }
        return {app: _plan(found.get(app, {})) for app in apps}

    def set_plan(self, app: str, plan: Plan, *, replacing: int) -> None:
        """Replace the plan of the day `replacing`. Raises ConflictError if another tick did."""
        day = ProviderBudgetModel.plan_day
        with translated("write plan"):
            ProviderBudgetModel(_key(app)).update(
                actions=[
                    day.set(plan.day),
                    ProviderBudgetModel.plan_price.set(plan.price),
                    ProviderBudgetModel.plan_unscheduled.set(plan.asked),
                ],
                condition=(day == replacing) if replacing else day.does_not_exist(),
            )

    def update(self, app: str, breaker: Breaker) -> Breaker:
        """Writes `breaker` where its version is still the one that was read.

        Returns it with the version it then has. Raises ConflictError where another was first.
        """
        version = ProviderBudgetModel.version
        with translated("update breaker"):
            ProviderBudgetModel(_key(app)).update(
                actions=[
                    ProviderBudgetModel.state.set(breaker.state.value),
                    ProviderBudgetModel.until.set(breaker.until),
                    ProviderBudgetModel.failures.set(breaker.failures),
                    ProviderBudgetModel.trips.set(breaker.trips),
                    ProviderBudgetModel.limits.set(breaker.limits),
                    version.set(breaker.version + 1),
                ],
                condition=(version == breaker.version)
                if breaker.version
                else version.does_not_exist(),
            )
        return replace(breaker, version=breaker.version + 1)

    def book(
        self, app: str, lane: Lane, *, length: int, earliest: int, unscheduled: int = 0
    ) -> int:
        """Takes the next `length` of `lane` that no one has, at or after `earliest`.

        Returns where it begins; all in (epoch) milliseconds. So many of the crawls are
        `unscheduled`. One conditional write, or two where the lane was empty.
        """
        free_at = _free_at(lane)
        for _ in range(_TRIES):
            booking = _Booking(app, lane, length, earliest, unscheduled)
            if (begin := booking.append(free_at >= earliest)) is not None:
                return begin
            if booking.begin():
                return earliest
        raise StoreError("book budget: others are always first")

    def book_until(
        self, app: str, lane: Lane, *, length: int, earliest: int, latest: int, unscheduled: int = 0
    ) -> int | None:
        """As `book`, but only if it begins at `latest`; None otherwise."""
        booking = _Booking(app, lane, length, earliest, unscheduled)
        if booking.begin():
            return earliest
        return booking.append(_free_at(lane).between(earliest, latest))


@dataclass(frozen=True, slots=True)
class _Booking:
    app: str
    lane: Lane
    length: int
    earliest: int
    unscheduled: int

    def append(self, condition: Condition) -> int | None:
        """Where it begins, behind what is booked; None if the condition is not met."""
        free_at = _free_at(self.lane)
        row = self._update(free_at.set(free_at + self.length), condition)
        return int(getattr(row, f"{self.lane.value}_free_at")) - self.length if row else None

    def begin(self) -> bool:
        """Whether the lane was empty, so that it starts over."""
        free_at = _free_at(self.lane)
        empty = free_at.does_not_exist() | (free_at < self.earliest)
        return self._update(free_at.set(self.earliest + self.length), empty) is not None

    def _update(self, booked: Action, condition: Condition) -> ProviderBudgetModel | None:
        row = ProviderBudgetModel(_key(self.app))
        counted = ProviderBudgetModel.unscheduled.add(self.unscheduled)
        try:
            with translated("book budget"):
                row.update([booked, counted] if self.unscheduled else [booked], condition=condition)
        except ConflictError:
            return None
        return row


def _plan(row: rows.Row) -> Plan:
    return Plan(
        rows.number(row, "plan_day", 0),
        float(row["plan_price"]["N"]) if "plan_price" in row else 0.0,
        rows.number(row, "unscheduled", 0),
        rows.number(row, "plan_unscheduled", 0),
    )


def _key(app: str) -> str:
    return app if "#" in app else f"{app}#main"


def _free_at(lane: Lane) -> NumberAttribute:
    match lane:
        case Lane.EXPRESS:
            return ProviderBudgetModel.express_free_at
        case Lane.STANDING:
            return ProviderBudgetModel.standing_free_at
