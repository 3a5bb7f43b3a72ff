"""Profiles: owners' settings."""

from collections.abc import Mapping, Sequence
from contextlib import suppress

from pynamodb.attributes import UnicodeSetAttribute
from pynamodb.expressions.condition import Condition, size
from pynamodb.expressions.update import Action

from topk.domain.account.person import NOBODY, Person
from topk.domain.account.profile import Profile
from topk.domain.errors import ConflictError, NotVisibleError
from topk.domain.limits import MOST_HIDDEN_PROVIDERS, MOST_HIDDEN_SONGS
from topk.domain.owner import Owner
from topk.domain.privacy.hidden import Hidden
from topk.domain.privacy.visibility import Visibility
from topk.stores.dynamodb import rows
from topk.stores.dynamodb.error_mapping import translated
from topk.stores.dynamodb.models import ProfileModel
from topk.stores.dynamodb.rows import Row, number, text


class Profiles:
    """Raises StoreError if the table fails."""

    def get(self, owner: Owner) -> Profile | None:
        with translated("read profile"):
            row = rows.get(ProfileModel, (owner.key,))
        return profile(row) if row else None

    def get_many(self, owners: Sequence[Owner]) -> Mapping[Owner, Profile]:
        """Profiles of those `owners` that have one."""
        with translated("read profiles"):
            told = rows.get_many(ProfileModel, [(owner.key,) for owner in owners])
            found = {Owner.parse(row["owner"]["S"]): profile(row) for row in told}
        return {owner: one for owner, one in found.items() if one}

    def put(self, owner: Owner, chosen: Profile) -> None:
        """Write the settings; the follower count does not change.

        Raises NotVisibleError if the owner is being erased, as `create` does.
        """
        announcing = ProfileModel.announcing
        self._change(
            owner,
            ProfileModel.visibility.set(chosen.visibility.value),
            ProfileModel.time_zone.set(chosen.time_zone),
            *([announcing.set(1)] if chosen.announcing else []),
        )

    def note_announced(self, owner: Owner) -> None:
        self._change(owner, ProfileModel.announcing.remove())

    def spend(self, owner: Owner, *, window: int, most: int) -> bool:
        """Counts one change in `window`, unless `most` are counted; makes no profile."""
        spent_in, spent = ProfileModel.spent_in, ProfileModel.spent
        started = spent_in.does_not_exist() | (spent_in < window)
        try:
            self._count([spent.add(1)], owner, (spent_in == window) & (spent < most))
        except ConflictError:
            try:
                self._count([spent_in.set(window), spent.set(1)], owner, started)
            except ConflictError:
                return False
        return True

    def _count(self, actions: list[Action], owner: Owner, condition: Condition) -> None:
        with translated("count changes"):
            ProfileModel(owner.key).update(actions=actions, condition=condition)

    def create(self, owner: Owner) -> None:
        """Create the default profile if the owner has none."""
        default = Profile()
        self._change(
            owner,
            ProfileModel.visibility.set(ProfileModel.visibility | default.visibility.value),
            ProfileModel.time_zone.set(ProfileModel.time_zone | default.time_zone),
        )

    def put_person(self, owner: Owner, person: Person) -> None:
        """Replace what the host app says about the owner, which makes no profile.

        Raises NotVisibleError if the owner is being erased.
        """
        told = (
            (ProfileModel.display_name, person.name),
            (ProfileModel.portrait, person.portrait),
            (ProfileModel.service, person.service),
        )
        self._change(owner, *(one.set(new) if new else one.remove() for one, new in told))

    def person(self, owner: Owner) -> Person:
        """What the host app says about the owner, who needs no profile."""
        with translated("read person"):
            row = rows.get(ProfileModel, (owner.key,))
        return person(row) if row else NOBODY

    def note_deletion(self, owner: Owner, *, now: int) -> None:
        """Record that plays were deleted, for readers of the profile."""
        self._change(owner, ProfileModel.plays_deleted_at.set(now))

    def note_block(self, owner: Owner, *, now: int) -> None:
        """Record that the owner blocked or was blocked, for processes that keep their blocks."""
        with suppress(NotVisibleError):
            self._change(owner, ProfileModel.blocks_changed_at.set(now))

    def note_export(self, owner: Owner, *, now: int, not_since: int) -> None:
        """Notes an export at `now`, which makes no profile.

        Raises ConflictError where there was one after `not_since`, or the owner is being erased.
        """
        exported_at = ProfileModel.exported_at
        with translated("note export"):
            ProfileModel(owner.key).update(
                actions=[exported_at.set(now)],
                condition=ProfileModel.erasing.does_not_exist()
                & (exported_at.does_not_exist() | (exported_at <= not_since)),
            )

    def mark_erasing(self, owner: Owner, receipt: str) -> str:
        """Hide the owner permanently; returns the receipt of the first call."""
        try:
            self._change(owner, ProfileModel.erasing.set(receipt))
        except NotVisibleError:
            found = self.get(owner)
            return found.erasing if found else receipt
        return receipt

    def erase(self, owner: Owner, receipt: str) -> None:
        """Delete the tombstone with this receipt, and nothing else. Idempotent."""
        with suppress(ConflictError), translated("erase profile"):
            ProfileModel(owner.key).delete(condition=ProfileModel.erasing == receipt)

    def _change(self, owner: Owner, *actions: Action) -> None:
        try:
            with translated("write profile"):
                ProfileModel(owner.key).update(
                    actions=list(actions), condition=ProfileModel.erasing.does_not_exist()
                )
        except ConflictError as error:
            raise NotVisibleError("profile") from error

    def hide(self, owner: Owner, names: Hidden) -> None:
        """Adds `names`, some of one kind, to what is hidden.

        Raises ConflictError where that would be more than may be hidden, or the owner is being
        erased.
        """
        for attribute, added, most in _sets(names):
            count = size(attribute)  # type: ignore[no-untyped-call]
            room = attribute.does_not_exist() | (count <= most - len(added))
            with translated("write profile"):
                ProfileModel(owner.key).update(
                    actions=[attribute.add(added)],
                    condition=room & ProfileModel.erasing.does_not_exist(),
                )

    def unhide(self, owner: Owner, names: Hidden) -> None:
        for attribute, gone, _ in _sets(names):
            self._change(owner, attribute.delete(gone))


def profile(row: Row) -> Profile | None:
    """None for a row without visibility, which only counts followers or says who the user is."""
    visibility, erasing = text(row, "visibility"), text(row, "erasing")
    if not visibility and not erasing:
        return None
    return Profile(
        Visibility(visibility or Visibility.PRIVATE),
        text(row, "time_zone") or "UTC",
        number(row, "followers", 0),
        Hidden(_names(row, "hidden_songs"), _names(row, "hidden_providers")),
        erasing,
        number(row, "plays_deleted_at", 0),
        number(row, "exported_at", 0),
        announcing="announcing" in row,
        person=person(row),
    )


def person(row: Row) -> Person:
    return Person(text(row, "display_name"), text(row, "portrait"), text(row, "service"))


def _names(row: Row, kind: str) -> frozenset[str]:
    return frozenset(row[kind]["SS"]) if kind in row else frozenset()


def _sets(names: Hidden) -> list[tuple[UnicodeSetAttribute, set[str], int]]:
    kinds = (
        (ProfileModel.hidden_songs, set(names.songs), MOST_HIDDEN_SONGS),
        (ProfileModel.hidden_providers, set(names.providers), MOST_HIDDEN_PROVIDERS),
    )
    return [kind for kind in kinds if kind[1]]
