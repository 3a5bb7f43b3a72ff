"""No play that Spotify ever showed is lost, with late plays and any page length."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx2
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.providers.accounts import GRANT, NOW, SPOTIFY
from tests.providers.scripted import run
from topk.providers.http.transport import Transport

DEPTH = 50
START = NOW - 86_400
PLAYS_URL = "https://api.spotify.com/v1/me/player/recently-played"

Played = tuple[int, int]
"""A song and when it ended, seconds after START."""


@dataclass
class Account:
    """Spotify's side: the latest 50 plays, latest first, in pages."""

    page_size: int
    plays: set[Played] = field(default_factory=set)

    @property
    def shown(self) -> list[Played]:
        return sorted(self.plays, key=lambda one: (-one[1], one[0]))[:DEPTH]

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        before = int(request.url.params.get("before", 10**15))
        older = [one for one in self.shown if _milliseconds(one) < before]
        size = min(self.page_size, int(request.url.params["limit"]))
        page = older[:size]
        # A millisecond cursor would skip the rest of that millisecond.
        while page and len(older) > len(page) and older[len(page)][1] == page[-1][1]:
            page.append(older[len(page)])
        following = (
            f"{request.url.copy_with(query=None)}?before={_milliseconds(page[-1])}"
            if page
            else None
        )
        return httpx2.Response(200, json={"items": [_item(one) for one in page], "next": following})


def _milliseconds(one: Played) -> int:
    return (START + one[1]) * 1000 + 1


def _item(one: Played) -> dict[str, object]:
    stamp = datetime.fromtimestamp(START + one[1], UTC)
    return {
        "track": {"id": str(one[0]), "name": f"Song {one[0]}", "artists": [{"name": "A"}]},
        "played_at": f"{stamp:%Y-%m-%dT%H:%M:%S}.001Z",
    }


def plays() -> st.SearchStrategy[set[Played]]:
    return st.sets(st.tuples(st.integers(0, 5), st.integers(0, 300)), max_size=60)


@settings(deadline=None, max_examples=60)
@given(st.lists(plays(), max_size=5), st.integers(1, 50))
def test_successive_crawls_return_each_shown_play_exactly_once(
    batches: list[set[Played]], page_size: int
) -> None:
    account = Account(page_size)
    adapter = SPOTIFY.adapter(Transport(lambda: httpx2.MockTransport(account.answer)))
    checkpoint, brought = "", []
    shown: set[Played] = set()
    for turn, batch in enumerate(batches):
        last = set(account.shown) if turn else set()
        account.plays |= batch
        fetched = run(adapter.fetch(GRANT, checkpoint, now=NOW + turn))
        new = [(int(play.track.track_id), play.listened_at - START) for play in fetched.plays]
        assert set(new) == set(account.shown) - last
        assert len(new) == len(set(new))
        assert (fetched.gap_since is not None) == (
            turn > 0 and len(account.shown) == DEPTH and last.isdisjoint(account.shown)
        )
        shown |= set(account.shown)
        brought += new
        checkpoint = fetched.checkpoint
    assert set(brought) == shown
