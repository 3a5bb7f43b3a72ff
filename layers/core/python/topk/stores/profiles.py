"""Profiles: what owners chose about theirs."""

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
        with translated("write profile"):
            _row(owner, chosen).save()

    def create(self, owner: Owner) -> None:
        """Writes the default profile where the owner has none; leaves one that is there."""
        model = ProfileModel(owner.key)
        default = Profile()
        with translated("write profile"):
            model.update(
                actions=[
                    ProfileModel.visibility.set(ProfileModel.visibility | default.visibility.value),
                    ProfileModel.time_zone.set(ProfileModel.time_zone | default.time_zone),
                ]
            )


def profile(row: ProfileModel) -> Profile:
    return Profile(Visibility(row.visibility), row.time_zone)


def _row(owner: Owner, chosen: Profile) -> ProfileModel:
    return ProfileModel(owner.key, visibility=chosen.visibility.value, time_zone=chosen.time_zone)
