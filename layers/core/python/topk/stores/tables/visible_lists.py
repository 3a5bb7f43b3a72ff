"""All that a viewer needs of several owners, in one round trip over four tables."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import chain
from typing import Any

from pynamodb.models import Model

from topk.domain.account.profile import Profile
from topk.domain.owner import Owner
from topk.domain.privacy.visibility import Relation
from topk.domain.toplist.view import View
from topk.stores.dynamodb.error_mapping import translated
from topk.stores.dynamodb.models import BlockModel, FollowModel, ProfileModel, TopListModel
from topk.stores.dynamodb.rows import Row, key_names, key_of, of_batch
from topk.stores.tables.profiles import profile
from topk.stores.tables.top_lists import WINDOW, top_list

_TRIES = 4
_KEYS = 100
"""DynamoDB's limit for one call."""
_AT_ONCE = 20
"""Owners in one call: each takes up to five keys."""
_CALLS = 8
"""At a time; the client keeps ten connections."""
_Key = tuple[str, ...]
_Rows = dict[tuple[type[Model], _Key], Row]


class VisibleLists:
    """`client` is DynamoDB's. At most 20 owners a call, since DynamoDB takes 100 keys.

    Raises StoreError where a table fails.
    """

    def __init__(self, client: Any) -> None:
        self._client = client

    def views(self, viewer: Owner | None, owners: Sequence[Owner]) -> list[View]:
        """What `viewer` would see of each of `owners`, in their order; None is anybody.

        Only lists that may be seen are read from their rows, so that one which may not takes no
        longer than one which does not exist.
        """
        others = [owner for owner in owners if owner != viewer] if viewer else []
        wanted: dict[type[Model], list[_Key]] = {
            TopListModel: [(owner.key, WINDOW) for owner in owners],
            ProfileModel: [(owner.key,) for owner in owners],
            FollowModel: [(viewer.key, owner.user) for owner in others if viewer],
            BlockModel: [
                key
                for owner in others
                if viewer
                for key in ((owner.key, viewer.user), (viewer.key, owner.user))
            ],
        }
        rows = self._get(wanted)
        return [_view(viewer, owner, rows) for owner in owners]

    def profile(self, owner: Owner) -> Profile | None:
        """What `owner` chose, as of a moment ago."""
        rows = self._get({ProfileModel: [(owner.key,)]})
        found = rows.get((ProfileModel, (owner.key,)))
        return profile(found) if found else None

    def crowd(self, viewer: Owner, owners: Sequence[Owner]) -> Iterator[View]:
        """The views of any number of `owners`, in their order, several calls at a time."""
        steps = [owners[at : at + _AT_ONCE] for at in range(0, len(owners), _AT_ONCE)]
        with ThreadPoolExecutor(_CALLS) as calls:
            for views in calls.map(lambda step: self.views(viewer, step), steps):
                yield from views

    def latest(self, owners: Sequence[Owner]) -> Mapping[Owner, int]:
        """Time of the latest play on each owner's list as others see it; owners without one are
        absent.
        """
        steps = [owners[at : at + _KEYS] for at in range(0, len(owners), _KEYS)]
        with ThreadPoolExecutor(_CALLS) as calls:
            found = chain.from_iterable(calls.map(self._latest, steps))
            return {
                Owner.parse(item["owner"]["S"]): int(item["latest"]["N"])
                for item in found
                if "latest" in item
            }

    def _latest(self, owners: Sequence[Owner]) -> list[dict[str, Any]]:
        keys = [key_of(TopListModel, (owner.key, WINDOW)) for owner in owners]
        table = _table(TopListModel)
        told = {
            "ProjectionExpression": "#o, latest",
            "ExpressionAttributeNames": {"#o": "owner"},
        }
        return [item for _, item in self._read({table: {"Keys": keys, **told}})]

    def _get(self, wanted: dict[type[Model], list[_Key]]) -> _Rows:
        models = {_table(model): model for model in wanted}
        pending = {
            _table(model): {"Keys": [key_of(model, key) for key in keys]}
            for model, keys in wanted.items()
            if keys
        }
        return {
            (models[table], _key(models[table], item)): item for table, item in self._read(pending)
        }

    def _read(self, pending: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
        """The items of `pending`, a request of BatchGetItem, each beside its table."""
        with translated("read views"):
            yield from of_batch(self._client, pending, tries=_TRIES)


def _view(viewer: Owner | None, owner: Owner, rows: _Rows) -> View:
    stored = rows.get((TopListModel, (owner.key, WINDOW)))
    chosen = rows.get((ProfileModel, (owner.key,)))
    view = View(
        owner=owner,
        relation=_relation(viewer, owner, rows) if viewer else Relation(),
        profile=profile(chosen) if chosen else None,
        top_list=None,
    )
    return replace(view, top_list=top_list(stored)) if stored and view.allowed else view


def _relation(viewer: Owner, owner: Owner, rows: _Rows) -> Relation:
    return Relation(
        is_self=owner == viewer,
        follows=(FollowModel, (viewer.key, owner.user)) in rows,
        blocked=(BlockModel, (owner.key, viewer.user)) in rows
        or (BlockModel, (viewer.key, owner.user)) in rows,
    )


def _table(model: type[Model]) -> str:
    return str(model.Meta.table_name)


def _key(model: type[Model], item: dict[str, Any]) -> _Key:
    return tuple(item[name]["S"] for name in key_names(model))
