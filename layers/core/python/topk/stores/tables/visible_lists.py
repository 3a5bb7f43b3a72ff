"""All that a viewer needs of several owners, in one round trip over four tables."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

from pynamodb.models import Model

from topk.domain.account.person import NOBODY
from topk.domain.limits import MOST_BLOCKED
from topk.domain.owner import Owner
from topk.domain.privacy.visibility import Relation, Visibility
from topk.domain.toplist.view import Reader, View
from topk.stores.dynamodb.error_mapping import translated
from topk.stores.dynamodb.models import BlockModel, FollowModel, ProfileModel, TopListModel
from topk.stores.dynamodb.rows import Row, key_names, key_of, of_batch
from topk.stores.graph.edges import Edges
from topk.stores.tables.feed_orders import FEED, feed_order
from topk.stores.tables.popular_lists import Blocks, Kept, PopularLists
from topk.stores.tables.profiles import person, profile
from topk.stores.tables.top_lists import WINDOW, top_list

_TRIES = 4
_KEYS = 100
"""DynamoDB's limit for one call."""
_AT_ONCE = 20
"""Owners in one call: each takes up to five keys."""
_CALLS = 8
"""At a time; the client keeps ten connections."""
_HEADS = 400
"""Lists whose bodies are kept of those that are read for an order. The units are the same without
them, but not the memory of a reader who follows thousands.
"""
_MANY = 4
"""Owners from which on the viewer's blocks are two queries instead of two keys for each."""
_BLOCKS = 100
"""Blocks of and against one user that are read at once; those of a user with more, by key."""
_Key = tuple[str, ...]
_Rows = dict[type[Model], dict[_Key, Row]]
_MISSING: Row = {"visibility": {"S": Visibility.PRIVATE.value}}
"""The profile of an unknown user, read by the same steps as that of one with a hidden list."""


@dataclass(frozen=True, slots=True)
class Heads:
    """Lists that were read for an order: the time of the latest play on each, and some bodies."""

    latest: Mapping[Owner, int]
    rows: Mapping[Owner, Row] = field(repr=False)


class VisibleLists:
    """`client` is DynamoDB's. At most 20 owners a call, since DynamoDB takes 100 keys.

    Raises StoreError where a table fails.
    """

    def __init__(self, client: Any) -> None:
        self._client = client
        self._popular = PopularLists(self._profile_row, self._blocks_of)

    def views(
        self, viewer: Owner | None, owners: Sequence[Owner], *, now: int | None = None
    ) -> list[View]:
        """What `viewer` would see of each of `owners`, in their order; None is anybody.

        With `now`, rows of much-followed owners come from memory (`PopularLists`).

        Only lists that may be seen are decoded, and a row that does not exist takes the same steps
        as one that does, so that the response's time does not tell a hidden list from none.
        """
        others = [owner for owner in owners if owner != viewer] if viewer else []
        kept = self._kept(viewer, owners, now)
        blocked = self._blocked(viewer) if viewer and len(others) >= _MANY else None
        wanted: dict[type[Model], list[_Key]] = {
            TopListModel: [(owner.key, WINDOW) for owner in owners if owner not in kept],
            ProfileModel: [(owner.key,) for owner in owners if owner not in kept],
            FollowModel: [
                (viewer.key, owner.user)
                for owner in others
                if viewer and (owner not in kept or kept[owner].needs_edge)
            ],
            BlockModel: [
                key
                for owner in others
                if viewer and blocked is None
                for key in _blocks_to_read(viewer, owner, kept.get(owner))
            ],
        }
        rows = self._get(wanted)
        _add(viewer, kept, rows)
        if viewer and blocked is not None:
            rows[BlockModel] = {(viewer.key, owner.user): {} for owner in blocked}
        views = [_view(viewer, owner, rows) for owner in owners]
        if now is not None:
            self._keep([view.owner for view in views if view.allowed], kept, rows, now)
        return views

    def _kept(
        self, viewer: Owner | None, owners: Sequence[Owner], now: int | None
    ) -> Mapping[Owner, Kept]:
        """Owners see their own rows as they are."""
        if now is None:
            return {}
        found = {owner: self._popular.get(owner, now=now) for owner in owners if owner != viewer}
        return {owner: kept for owner, kept in found.items() if kept}

    def _keep(
        self, seen: Sequence[Owner], kept: Mapping[Owner, Kept], rows: _Rows, now: int
    ) -> None:
        """Keeps rows of owners who were `seen`: a list that may not be seen takes no further steps,
        as one that does not exist.
        """
        for owner in seen:
            if owner not in kept:
                chosen = rows[ProfileModel].get((owner.key,))
                stored = rows[TopListModel].get((owner.key, WINDOW))
                self._popular.keep(owner, chosen, stored, now=now)

    def _profile_row(self, owner: Owner) -> Row | None:
        return self._get({ProfileModel: [(owner.key,)]})[ProfileModel].get((owner.key,))

    def _blocks_of(self, owner: Owner) -> Blocks:
        edges = Edges(BlockModel)
        by_owner, more = edges.page(owner, after=None, limit=MOST_BLOCKED)
        of_owner, still_more = edges.page_to(owner, after=None, limit=MOST_BLOCKED)
        return Blocks(
            None if more else {one.user for one in by_owner},
            None if still_more else {one.user for one in of_owner},
        )

    def reader(self, owner: Owner) -> Reader:
        """What `owner` chose and the order of their feed, as of a moment ago."""
        rows = self._get({ProfileModel: [(owner.key,)], TopListModel: [(owner.key, FEED)]})
        chosen = rows[ProfileModel].get((owner.key,))
        order = rows[TopListModel].get((owner.key, FEED))
        return Reader(
            profile(chosen) if chosen else None,
            feed_order(order) if order else None,
            person(chosen) if chosen else NOBODY,
        )

    def of_followed(
        self, viewer: Owner, owners: Sequence[Owner], heads: Heads | None = None, *, now: int
    ) -> list[View]:
        """As `views`, of up to 20 `owners` that `viewer` is known to follow.

        Takes half the units: of lists that `heads` has, only whether they may be seen is read, and
        blocks are two queries as long as there are few.
        """
        kept = self._kept(viewer, owners, now)
        known = heads.rows if heads else {}
        blocked = self._blocked(viewer)
        wanted: dict[type[Model], list[_Key]] = {
            TopListModel: [
                (owner.key, WINDOW) for owner in owners if owner not in known and owner not in kept
            ],
            ProfileModel: [(owner.key,) for owner in owners if owner not in kept],
            FollowModel: [],
            BlockModel: [
                key for owner in owners if blocked is None for key in _blocks_between(viewer, owner)
            ],
        }
        rows = self._get(wanted)
        rows[TopListModel] |= {(owner.key, WINDOW): row for owner, row in known.items()}
        _add(viewer, kept, rows)
        rows[FollowModel] = {(viewer.key, owner.user): {} for owner in owners}
        if blocked is not None:
            rows[BlockModel] = {(viewer.key, owner.user): {} for owner in blocked}
        views = [_view(viewer, owner, rows) for owner in owners]
        self._keep([view.owner for view in views if view.allowed], kept, rows, now)
        return views

    def _blocked(self, viewer: Owner) -> frozenset[Owner] | None:
        """All users with a block between them and `viewer`; None if they are many."""
        blocks = Edges(BlockModel)
        found = [page(viewer, after=None, limit=_BLOCKS) for page in (blocks.page, blocks.page_to)]
        if any(more for _, more in found):
            return None
        return frozenset(owner for owners, _ in found for owner in owners)

    def crowd(
        self, viewer: Owner | None, owners: Sequence[Owner], *, now: int | None = None
    ) -> Iterator[View]:
        """The views of any number of `owners`, in their order, several calls at a time."""
        steps = [owners[at : at + _AT_ONCE] for at in range(0, len(owners), _AT_ONCE)]
        with ThreadPoolExecutor(_CALLS) as calls:
            for views in calls.map(lambda step: self.views(viewer, step, now=now), steps):
                yield from views

    def heads(self, owners: Sequence[Owner], *, now: int) -> Heads:
        """Time of the latest play on each owner's list as others see it; owners without one are
        absent.
        """
        kept = {
            owner: found.top_list
            for owner, found in self._kept(None, owners, now).items()
            if found.top_list
        }
        others = [owner for owner in owners if owner not in kept]
        steps = [others[at : at + _KEYS] for at in range(0, len(others), _KEYS)]
        whole = len(owners) <= _HEADS
        read: Callable[[Sequence[Owner]], list[Row]] = self._lists if whole else self._latest
        with ThreadPoolExecutor(_CALLS) as calls:
            found = kept | {
                Owner.parse(row["owner"]["S"]): row
                for row in chain.from_iterable(calls.map(read, steps))
            }
        latest = {owner: int(row["latest"]["N"]) for owner, row in found.items() if "latest" in row}
        return Heads(latest, found if whole else {})

    def _lists(self, owners: Sequence[Owner]) -> list[Row]:
        keys: list[_Key] = [(owner.key, WINDOW) for owner in owners]
        return [*self._get({TopListModel: keys})[TopListModel].values()]

    def _latest(self, owners: Sequence[Owner]) -> list[Row]:
        keys = [key_of(TopListModel, (owner.key, WINDOW)) for owner in owners]
        table = _table(TopListModel)
        told = {
            "ProjectionExpression": "#o, latest",
            "ExpressionAttributeNames": {"#o": "owner"},
        }
        return [item for _, item in self._read({table: {"Keys": keys, **told}})]

    def _get(self, wanted: dict[type[Model], list[_Key]]) -> _Rows:
        pending = {
            _table(model): {"Keys": [key_of(model, key) for key in keys]}
            for model, keys in wanted.items()
            if keys
        }
        found: dict[str, list[Row]] = {_table(model): [] for model in wanted}
        for table, row in self._read(pending) if pending else ():
            found[table].append(row)
        return {model: _by_key(model, found[_table(model)]) for model in wanted}

    def _read(self, pending: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
        """The items of `pending`, a request of BatchGetItem, each beside its table."""
        with translated("read views"):
            return of_batch(self._client, pending, tries=_TRIES)


def _view(viewer: Owner | None, owner: Owner, rows: _Rows) -> View:
    stored = rows[TopListModel].get((owner.key, WINDOW))
    chosen = rows[ProfileModel].get((owner.key,))
    settings = profile(chosen or _MISSING)
    view = View(
        owner=owner,
        relation=_relation(viewer, owner, rows) if viewer else Relation(),
        profile=settings if chosen else None,
        top_list=None,
    )
    allowed = view.allowed
    return replace(view, top_list=top_list(stored)) if stored and allowed else view


def _relation(viewer: Owner, owner: Owner, rows: _Rows) -> Relation:
    blocks = rows[BlockModel]
    return Relation(
        is_self=owner == viewer,
        follows=(viewer.key, owner.user) in rows[FollowModel],
        blocked=not blocks.keys().isdisjoint(_blocks_between(viewer, owner)),
    )


def _blocks_to_read(viewer: Owner, owner: Owner, kept: Kept | None) -> list[_Key]:
    blocks = kept.blocks if kept else None
    if blocks is None:
        return _blocks_between(viewer, owner)
    by_owner, by_viewer = _blocks_between(viewer, owner)
    known = ((by_owner, blocks.by_owner), (by_viewer, blocks.of_owner))
    return [key for key, users in known if users is None]


def _add(viewer: Owner | None, kept: Mapping[Owner, Kept], rows: _Rows) -> None:
    """Adds what is kept to the rows that were read."""
    for owner, one in kept.items():
        rows[ProfileModel][owner.key,] = one.profile
        if one.top_list:
            rows[TopListModel][owner.key, WINDOW] = one.top_list
        if viewer and one.blocks:
            by_owner, by_viewer = _blocks_between(viewer, owner)
            for key, users in ((by_owner, one.blocks.by_owner), (by_viewer, one.blocks.of_owner)):
                if users and viewer.user in users:
                    rows[BlockModel][key] = {}


def _blocks_between(viewer: Owner, owner: Owner) -> list[_Key]:
    return [(owner.key, viewer.user), (viewer.key, owner.user)]


def _by_key(model: type[Model], rows: list[Row]) -> dict[_Key, Row]:
    """No call for each row: as many steps where rows do not exist."""
    partition, *rest = key_names(model)
    if not rest:
        return {(row[partition]["S"],): row for row in rows}
    (name,) = rest
    return {(row[partition]["S"], row[name]["S"]): row for row in rows}


def _table(model: type[Model]) -> str:
    return str(model.Meta.table_name)
