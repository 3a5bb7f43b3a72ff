"""Profiles: what owners chose about theirs."""

from pynamodb.attributes import UnicodeSetAttribute
from pynamodb.expressions.condition import size

from topk.domain.hidden import MOST_PROVIDERS, MOST_SONGS, Hidden
from topk.domain.owner import Owner
from topk.domain.profile import Profile
from topk.domain.visibility import Visibility
from topk.stores.failures import translated
from topk.stores.models import ProfileModel


class Profiles:
    """Raises StoreError where the table fails."""

    def get(self, owner: Owner) -> Profile | None:
        with translated("read profile"):
            try:
                return profile(ProfileModel.get(owner.key, consistent_read=True))
            except ProfileModel.DoesNotExist:
                return None

    def put(self, owner: Owner, chosen: Profile) -> None:
        """Writes what was chosen; the count of followers stays."""
        with translated("write profile"):
            ProfileModel(owner.key).update(
                actions=[
                    ProfileModel.visibility.set(chosen.visibility.value),
                    ProfileModel.time_zone.set(chosen.time_zone),
                ]
            )

    def create(self, owner: Owner) -> None:
        """Writes the default profile where the owner has none; leaves one that is there."""
        default = Profile()
        with translated("write profile"):
            ProfileModel(owner.key).update(
                actions=[
                    ProfileModel.visibility.set(ProfileModel.visibility | default.visibility.value),
                    ProfileModel.time_zone.set(ProfileModel.time_zone | default.time_zone),
                ]
            )

    def hide(self, owner: Owner, names: Hidden) -> None:
        """Adds `names`, some of one kind, to what is hidden.

        Raises ConflictError where that would be more than may be hidden.
        """
        for attribute, added, most in _sets(names):
            count = size(attribute)  # type: ignore[no-untyped-call]
            room = attribute.does_not_exist() | (count <= most - len(added))
            with translated("write profile"):
                ProfileModel(owner.key).update(actions=[attribute.add(added)], condition=room)

    def unhide(self, owner: Owner, names: Hidden) -> None:
        for attribute, gone, _ in _sets(names):
            with translated("write profile"):
                ProfileModel(owner.key).update(actions=[attribute.delete(gone)])

    def count_followers(self, owner: Owner, by: int) -> None:
        """Adds `by` to the count, which makes no profile: whom nobody knows may be followed."""
        with translated("count followers"):
            ProfileModel(owner.key).update(actions=[ProfileModel.followers.add(by)])


def profile(row: ProfileModel) -> Profile | None:
    """None for a row that says nothing of visibility: others may have counted followers."""
    if not row.visibility:
        return None
    return Profile(
        Visibility(row.visibility),
        row.time_zone or "UTC",
        int(row.followers or 0),
        Hidden(frozenset(row.hidden_songs or ()), frozenset(row.hidden_providers or ())),
    )


def _sets(names: Hidden) -> list[tuple[UnicodeSetAttribute, set[str], int]]:
    kinds = (
        (ProfileModel.hidden_songs, set(names.songs), MOST_SONGS),
        (ProfileModel.hidden_providers, set(names.providers), MOST_PROVIDERS),
    )
    return [kind for kind in kinds if kind[1]]
