"""Scenes for each function, so that it makes every kind of call that it can make.

A function that learns something new needs a scene in which it does it.
"""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import date
from unittest.mock import patch

import boto3

from cli.sandbox.deployment import ARCHIVE, EXPORTS, REGION, upload
from cli.sandbox.people import GRID, NOON
from functions.imports.wiring import importing
from tests.functions.aws_calls import Permission
from topk.domain.account.edge import Edge
from topk.domain.account.handshake import Handshake
from topk.domain.account.personal_token import Kind, PersonalToken
from topk.domain.account.profile import Profile
from topk.domain.chunk import Chunk, pushed
from topk.domain.crawl.timetable import DAILY
from topk.domain.errors import ConflictError
from topk.domain.owner import Owner
from topk.domain.play import Play, Track
from topk.domain.privacy.deletion import Deletion
from topk.domain.privacy.visibility import Visibility
from topk.domain.toplist.completeness import Completeness
from topk.domain.toplist.previous_weeks import Past
from topk.domain.toplist.top_list import TopList
from topk.stores.dynamodb.models import BlockModel, DataKeyModel, FollowModel
from topk.stores.graph.edges import Edges
from topk.stores.graph.follow_requests import FollowRequests
from topk.stores.s3.archive import Archive
from topk.stores.s3.erased_users import ErasedUsers
from topk.stores.s3.exports import Exports
from topk.stores.tables.connections import Connections
from topk.stores.tables.handshakes import Handshakes
from topk.stores.tables.personal_tokens import PersonalTokens
from topk.stores.tables.plays import Plays
from topk.stores.tables.profiles import Profiles
from topk.stores.tables.provider_users import ProviderUsers
from topk.stores.tables.timetable import Timetable
from topk.stores.tables.top_lists import TopLists
from topk.usecases.crawling import named_tenants
from topk.usecases.lists import build_list

ANNA, HUGO, NOBODY = (Owner("harbor", user) for user in ("anna", "hugo", "nobody"))
RECEIPT = "fake-receipt-anna"
Given = Callable[[], AbstractContextManager[object]]
"""Prepares the sandbox for a scene, and changes it during the scene."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Fixtures of one function, run one after the other."""

    fixtures: tuple[str, ...]
    given: Given = nullcontext


@contextmanager
def no_key_was_made() -> Iterator[None]:
    for row in DataKeyModel.scan():
        row.delete()
    yield


@contextmanager
def a_row_without_connection() -> Iterator[None]:
    Timetable().add(GRID.entries(NOBODY.key, "spotify", DAILY))
    yield


@contextmanager
def anna_shows_her_list_to_all() -> Iterator[None]:
    Profiles().put(ANNA, Profile(visibility=Visibility.PUBLIC))
    yield


@contextmanager
def anna_follows_and_has_blocked_ben() -> Iterator[None]:
    ben = Owner("harbor", "ben")
    Edges(BlockModel).add(ANNA, ben)
    yield


@contextmanager
def anna_deleted_what_spotify_told() -> Iterator[None]:
    Profiles().note_deletion(ANNA, now=NOON)
    Plays(retention_days=35).mark(ANNA, Deletion(NOON, "spotify"))
    yield


@contextmanager
def anna_has_a_list() -> Iterator[None]:
    _list_of(ANNA)
    yield


@contextmanager
def a_list_costs_more_than_a_user_may() -> Iterator[None]:
    with patch.object(build_list, "MOST_REPORTS", 0):
        yield


@contextmanager
def anna_is_being_erased() -> Iterator[None]:
    _list_of(ANNA)
    Profiles().mark_erasing(ANNA, RECEIPT)
    yield


@contextmanager
def anna_asks_to_be_erased_meanwhile() -> Iterator[None]:
    """Between the note of her deleted plays and the rebuilt list."""
    _list_of(ANNA)
    mark = Plays.mark

    def mark_late(plays: Plays, owner: Owner, deletion: Deletion) -> None:
        Profiles().mark_erasing(owner, RECEIPT)
        mark(plays, owner, deletion)

    with patch.object(Plays, "mark", mark_late):
        yield


@contextmanager
def anna_asks_to_be_erased_while_a_play_is_removed() -> Iterator[None]:
    _list_of(ANNA)
    take_out = Plays.take_out

    def take_out_late(
        plays: Plays, owner: Owner, unwanted: Callable[[Play], bool], *, since: int
    ) -> int:
        Profiles().mark_erasing(owner, RECEIPT)
        return take_out(plays, owner, unwanted, since=since)

    with patch.object(Plays, "take_out", take_out_late):
        yield


@contextmanager
def another_writes_the_list_first() -> Iterator[None]:
    begin_put, first = TopLists.begin_put, iter((_refused,))

    def put_second(
        top_lists: TopLists, owner: Owner, found: TopList, *, replacing: int
    ) -> Callable[[], None]:
        refused = next(first, None)
        return refused or begin_put(top_lists, owner, found, replacing=replacing)

    with patch.object(TopLists, "begin_put", put_second):
        yield


def _refused() -> None:
    raise ConflictError("top list")


@contextmanager
def hugo_left_traces_everywhere() -> Iterator[None]:
    _list_of(HUGO)
    Plays(retention_days=35).append([Chunk(HUGO, "spotify", NOON, "fake-crawl", ())])
    ProviderUsers().add("partner", "hugo-1", HUGO)
    PersonalTokens().put(PersonalToken("fake-hash", HUGO, Kind.TOKEN, "Phone", NOON))
    for edges in (Edges(FollowModel), Edges(BlockModel)):
        edges.add(ANNA, HUGO)
        edges.add(HUGO, ANNA)
    for edge in (Edge(ANNA, HUGO), Edge(HUGO, ANNA)):
        FollowRequests().ask(edge, now=NOON)
    Handshakes().put(
        Handshake(
            state_hash="fake-hash",
            owner=HUGO,
            provider="spotify",
            code_verifier="fake-verifier",
            redirect_uri="https://api.example/v1/oauth/spotify/callback",
            return_to="https://harbor.example/accounts",
            expires_at=NOON,
        )
    )
    Exports(boto3.client("s3", region_name=REGION), bucket=EXPORTS).write(HUGO, [b"{}"], now=NOON)
    upload(HUGO, "fakeimport4")
    sqs = boto3.client("sqs", region_name=REGION)
    for url in json.loads(os.environ["DEAD_LETTER_URLS"]).values():
        sqs.send_message(QueueUrl=url, MessageBody=json.dumps({"owner": HUGO.key}))
    yield


@contextmanager
def annas_history_is_uploaded() -> Iterator[None]:
    upload(ANNA, "fakeimport1")
    yield


@contextmanager
def time_is_up_after_a_block() -> Iterator[None]:
    """A history of two blocks, and a function that has no time for the second one."""
    upload(ANNA, "fakeimport1")
    importing.cache_clear()
    parts = importing()
    short = replace(parts, ports=replace(parts.ports, block=1))
    with (
        patch("functions.imports.handler.importing", lambda: short),
        patch("functions.imports.handler._RESERVE_MS", 10**9),
    ):
        yield


@contextmanager
def hugo_was_erased_and_is_in_the_archive() -> Iterator[None]:
    _archived(ANNA, HUGO)
    _erased(HUGO)
    yield


@contextmanager
def anna_and_hugo_are_in_the_archive() -> Iterator[None]:
    _archived(ANNA, HUGO)
    yield


@contextmanager
def hugo_alone_was_in_the_archive() -> Iterator[None]:
    _archived(HUGO)
    _erased(HUGO)
    yield


@contextmanager
def two_have_deleted_what_is_in_the_archive() -> Iterator[None]:
    _archived(ANNA, HUGO)
    archive = Archive(boto3.client("s3", region_name=REGION), bucket=ARCHIVE)
    for owner in (ANNA, HUGO):
        archive.note([(owner, Deletion(NOON, "spotify"))])
    yield


def _archived(*owners: Owner) -> None:
    s3 = boto3.client("s3", region_name=REGION)
    track = Track("fake-track", "Dawn", ("The Lanterns",))
    Archive(s3, bucket=ARCHIVE).write(
        Chunk(owner, "spotify", NOON, "fake-crawl", (Play("spotify", track, NOON),))
        for owner in owners
    )


def _erased(owner: Owner) -> None:
    for _ in ErasedUsers(boto3.client("s3", region_name=REGION), bucket=ARCHIVE).mark(owner):
        continue


@contextmanager
def any_export_is_too_large_to_be_told() -> Iterator[None]:
    with patch("functions.export.delivery.INLINE_BYTES", 0):
        yield


def _list_of(owner: Owner) -> None:
    empty = TopList((), date(2026, 11, 21), "UTC", Completeness(), Past())
    TopLists().put(owner, empty, replacing=0)


@contextmanager
def a_player_pushes_the_plays() -> Iterator[None]:
    (found,) = Connections().get_many([(ANNA, "spotify")])
    Connections().update(replace(found, push_agreed=1, pulled_at=NOON - 86_400))
    play = Play("scrobbler", Track("1", "Dawn", ("A",)), NOON - 600)
    Plays(retention_days=35).append([pushed(ANNA, "scrobbler", [play])])
    yield


@contextmanager
def every_request_is_counted() -> Iterator[None]:
    """In the bucket of its tenant: a limit so small has batches of one."""
    with patch.dict("os.environ", {"REQUESTS_PER_SECOND": "1"}):
        yield


@contextmanager
def one_crawl_gives_a_tenant_metrics() -> Iterator[None]:
    with patch.object(named_tenants, "LEAST_CRAWLS", 1):
        yield


def _each(*fixtures: str) -> tuple[Scene, ...]:
    return tuple(Scene((fixture,)) for fixture in fixtures)


SCENES: Mapping[str, tuple[Scene, ...]] = {
    "connect": (
        *_each("begin", "callback", "confirm", "confirm_new_account", "list", "disconnect"),
        *_each("disconnect_pushed", "disconnect_delete_plays"),
        Scene(("callback",), no_key_was_made),
        Scene(("list",), every_request_is_counted),
        Scene(("disconnect_delete_plays",), anna_asks_to_be_erased_meanwhile),
    ),
    "dispatch": (Scene(("tick", "tick_after_a_silent_day", "tick_of_the_next_day")),),
    "crawl": (
        *_each("due", "due_next_month", "due_youtube", "due_apple_music"),
        *_each("partial_failure", "last_attempt"),
        Scene(("row_without_connection",), a_row_without_connection),
        Scene(("due",), a_player_pushes_the_plays),
        Scene(("due",), one_crawl_gives_a_tenant_metrics),
    ),
    "ingest": _each("delivered"),
    "scrobble": (
        *_each("tokens", "make_token", "revoke_token", "submit_single", "listens", "note_import"),
        *_each("imports", "import", "begin_import", "start_import"),
        Scene(("make_token",), no_key_was_made),
        Scene(("tokens",), every_request_is_counted),
        Scene(("submit_single", "delete_listen")),
        Scene(("submit_single", "delete_listen"), anna_asks_to_be_erased_while_a_play_is_removed),
    ),
    "imports": (
        Scene(("spotify",), annas_history_is_uploaded),
        Scene(("spotify",), time_is_up_after_a_block),
    ),
    "aggregate": (
        *_each("insert", "silence"),
        Scene(("insert",), anna_deleted_what_spotify_told),
        Scene(("insert",), anna_is_being_erased),
        Scene(("insert",), another_writes_the_list_first),
        Scene(("insert",), a_list_costs_more_than_a_user_may),
    ),
    "archive": (Scene(("batch",)), Scene(("deletion",), anna_deleted_what_spotify_told)),
    "announce": (Scene(("written",), anna_has_a_list),),
    "read": (
        *_each("following", "following_songs", "mine", "mine_as_follower", "mine_year", "top"),
        *_each("top_albums", "top_artists", "top_today"),
        Scene(("top",), every_request_is_counted),
    ),
    "card": (
        Scene(("link",), anna_shows_her_list_to_all),
        Scene(("link",), every_request_is_counted),
    ),
    "account": (
        *_each("change", "follow", "unfollow", "block", "hide_song", "graph"),
        *_each("followers", "requests", "accept", "decline", "remove_follower"),
        Scene(("unblock",), anna_follows_and_has_blocked_ben),
        Scene(("requests",), every_request_is_counted),
    ),
    "privacy": (
        *_each("delete_song", "erase", "erasure", "corrections", "merge", "spellings"),
        Scene(("merge", "undo_merge")),
        Scene(("spellings",), every_request_is_counted),
        Scene(("delete_song",), anna_asks_to_be_erased_meanwhile),
    ),
    "export": (
        *_each("mine"),
        Scene(("mine",), any_export_is_too_large_to_be_told),
        Scene(("mine",), every_request_is_counted),
    ),
    "purge": (
        Scene(("weekly",), hugo_was_erased_and_is_in_the_archive),
        Scene(("day",), hugo_was_erased_and_is_in_the_archive),
        Scene(("day",), hugo_alone_was_in_the_archive),
        Scene(("weekly",), two_have_deleted_what_is_in_the_archive),
        Scene(("day_goes_on",), hugo_was_erased_and_is_in_the_archive),
    ),
    "erase": (Scene(("first_pass", "sweep"), hugo_left_traces_everywhere), *_each("too_early")),
}
DONE_WITHOUT: Mapping[str, frozenset[Permission]] = {
    # Owners whose batch read fails are read one by one, at a higher cost.
    "aggregate": frozenset(
        {("dynamodb:BatchGetItem", "Profiles"), ("dynamodb:BatchGetItem", "TopLists")}
    )
}
"""Permissions that a function has a fallback for, so that it succeeds without them."""
