"""What a host app says about a user, for those who may see the user's list."""

from dataclasses import dataclass

SERVICES = ("spotify", "apple_music", "youtube", "lastfm", "listenbrainz")
"""Where songs can be opened, by the provider's name in lists."""


@dataclass(frozen=True, slots=True)
class Person:
    """Each is empty where the host app said nothing.

    `name` is shown instead of the user's id. `portrait` is the address of a picture.
    `service` is where the user opens songs, one of `SERVICES`.
    """

    name: str = ""
    portrait: str = ""
    service: str = ""


NOBODY = Person()
