"""What the terms of each provider say about its data, as far as the service has to act on it.

docs/compliance.md is written from this table by `.venv/bin/python -m tests.docs.compliance`. It
states facts in our own words; the sources are what binds. It is no legal advice.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact is from. `address` is a page without its scheme, `seen` the day (YYYY-MM-DD) on
    which it was last compared.
    """

    address: str
    seen: str


@dataclass(frozen=True, slots=True)
class Attribution:
    """What to show beside a provider's data. `logo` names the mark, whose file the provider gives
    to those who accepted its guidelines; we ship none. `address` is a site without its scheme.
    """

    text: str
    address: str
    logo: str = ""


@dataclass(frozen=True, slots=True)
class ProviderPolicy:
    """One provider's terms. The first two members are obeyed by code, the rest is for people."""

    deletes_on_disconnect: bool
    """Plays have to be deleted when the user disconnects the account."""
    restricts_mixing: bool
    """Its content must not be shown together with another service's."""
    attribution: Attribution
    mixing: str
    keeping: str
    showing: str
    deletion: str
    follows: str
    """What follows for an operator."""
    sources: tuple[Source, ...]


_SEEN = "2026-12-01"

POLICIES: Mapping[str, ProviderPolicy] = {
    "spotify": ProviderPolicy(
        deletes_on_disconnect=True,
        restricts_mixing=True,
        attribution=Attribution("Spotify", "open.spotify.com", "Spotify full logo"),
        mixing="Content must not be combined with streams or content of another service; apps with "
        "several services keep them in separate views.",
        keeping="Personal data only as long as the app needs it.",
        showing="No analysis of content or usage, new listenership metrics and profiles of users "
        "included; metadata and covers link back to Spotify.",
        deletion="Disconnecting must be easy, and ends with the deletion of the user's personal "
        "data.",
        follows="A count of plays is a listenership metric: get written permission before launch. "
        "An app in development mode serves five users, and beyond that needs Spotify's approval.",
        sources=(
            Source("developer.spotify.com/policy", _SEEN),
            Source("developer.spotify.com/terms", _SEEN),
            Source("developer.spotify.com/documentation/design", _SEEN),
            Source("developer.spotify.com/documentation/web-api/concepts/quota-modes", _SEEN),
        ),
    ),
    "apple_music": ProviderPolicy(
        deletes_on_disconnect=False,
        restricts_mixing=False,
        attribution=Attribution("Apple Music", "music.apple.com", "Apple Music badge"),
        mixing="No rule about lists that name songs of several services; its content must not be "
        "synchronised with other content.",
        keeping="No period is stated.",
        showing="Users' data only for a disclosed feature of the app, not for advertising and not "
        "shared with third parties; covers and metadata belong to playback or playlists; access "
        "to Apple Music must not be monetised.",
        deletion="No rule of its own beyond the user's request.",
        follows="Ask Apple whether a list of songs without playback may show covers, and whether a "
        "paid host app monetises access.",
        sources=(
            Source("developer.apple.com/app-store/review/guidelines/", _SEEN),
            Source("developer.apple.com/support/terms/", _SEEN),
            Source("marketing.services.apple/apple-music-identity-guidelines", _SEEN),
        ),
    ),
    "youtube": ProviderPolicy(
        deletes_on_disconnect=False,
        restricts_mixing=False,
        attribution=Attribution("YouTube", "www.youtube.com", "YouTube logo"),
        mixing="No rule; moving data from Google to another service is the purpose of the export.",
        keeping="Only what a disclosed feature for the user needs.",
        showing="Only for the feature that the user agreed to; the privacy policy names the "
        "recipients of data.",
        deletion="On the user's request; the privacy policy says what happens when an account is "
        "disabled or deleted.",
        follows="The app needs Google's verification; the export is described for users in the "
        "European Economic Area.",
        sources=(
            Source("developers.google.com/data-portability/policy", _SEEN),
            Source(
                "developers.google.com/terms/api-services-user-data-policy",
                _SEEN,
            ),
        ),
    ),
    "lastfm": ProviderPolicy(
        deletes_on_disconnect=False,
        restricts_mixing=False,
        attribution=Attribution("Last.fm", "www.last.fm", "powered by AudioScrobbler"),
        mixing="No rule.",
        keeping="A cap on the total size of stored data, unless agreed otherwise.",
        showing="Credit and a link back; no commercial use without a written agreement.",
        deletion="No rule for a user who disconnects.",
        follows="A commercial host app needs an agreement with Last.fm, also for the size.",
        sources=(Source("www.last.fm/api/tos", _SEEN),),
    ),
    "listenbrainz": ProviderPolicy(
        deletes_on_disconnect=False,
        restricts_mixing=False,
        attribution=Attribution("ListenBrainz", "listenbrainz.org", ""),
        mixing="No rule: listens are published as open data.",
        keeping="No rule.",
        showing="Commercial use is allowed; the foundation asks commercial users for support.",
        deletion="No rule for a user who disconnects.",
        follows="Choose a support tier of the MetaBrainz Foundation.",
        sources=(
            Source("metabrainz.org/supporters/account-type", _SEEN),
            Source("listenbrainz.org/terms-of-service/", _SEEN),
        ),
    ),
}


def deletes_on_disconnect(provider: str) -> bool:
    """Whether its plays go when the account is disconnected. A partner's contract decides: not by
    default.
    """
    return provider in POLICIES and POLICIES[provider].deletes_on_disconnect


def restricts_mixing(provider: str) -> bool:
    return provider in POLICIES and POLICIES[provider].restricts_mixing


def shown_providers(separate: frozenset[str], connected: Iterable[str]) -> Callable[[str], bool]:
    """Whether the plays of a provider are in a list, where those of `separate` ones must not be
    mixed with others and these accounts are `connected`.

    A separate provider is shown alone, if no other account is connected, and otherwise left out.
    """
    accounts = frozenset(connected)
    if len(accounts) == 1 and accounts <= separate:
        return accounts.__contains__
    return lambda provider: provider not in separate
