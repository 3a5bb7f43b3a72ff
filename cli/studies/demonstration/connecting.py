"""Every listener connects every account, and gets a first list."""

import time
from urllib.parse import parse_qs, urlsplit

from cli.failure import CommandFailedError
from cli.studies.demonstration.browser import Browser
from cli.studies.demonstration.days import wait_until
from cli.studies.demonstration.people import People, Person

FIRST_LIST_SECONDS = 300.0


def connect(people: People, person: Person, browser: Browser) -> float:
    """Follows others and connects all accounts through the real redirects.

    Returns when the first account was connected, in seconds of the monotonic clock. Raises
    CommandFailedError if a consent does not end with a connected account.
    """
    people.expect(person, "PATCH", "/v1/me", {"time_zone": person.time_zone})
    people.tell(person, "follow", person.follows)
    connected: list[float] = []
    for provider, account in person.accounts.items():
        begun = people.expect(person, "POST", f"/v1/connections/{provider}", {})
        landed = browser.consent(begun["authorize_url"], account)
        told = parse_qs(urlsplit(landed).query)
        if "confirmation" not in told:
            raise CommandFailedError(f"{person.user} at {provider}: {told}")
        confirmed = {"confirmation": told["confirmation"][0]}
        people.expect(person, "POST", f"/v1/connections/{provider}/confirmation", confirmed)
        connected.append(time.monotonic())
    return connected[0]


def await_first_list(people: People, person: Person, since: float) -> float:
    """Seconds from `since` to the first answer of the API that shows a song."""
    wait_until(
        lambda: people.expect(person, "GET", "/v1/me/top")["songs"],
        FIRST_LIST_SECONDS,
        f"{person.user} has no list",
    )
    return time.monotonic() - since
