"""An export with the schema `Export` of openapi.json. Times are epoch seconds."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from topk.domain.account.following import FollowRequest
from topk.domain.account.handshake import Handshake
from topk.domain.account.person import Person
from topk.domain.account.personal_token import PersonalToken
from topk.domain.account.profile import Profile
from topk.domain.chunk import Chunk
from topk.domain.crawl.timetable import Entry
from topk.domain.imports.history_import import HistoryImport
from topk.domain.owner import Owner
from topk.domain.play_log import Corrected, Undone, standing
from topk.domain.privacy.deletion import Deletion
from topk.domain.song.marks import SongMark
from topk.domain.toplist.corrections import Corrections
from topk.domain.toplist.previous_weeks import Past
from topk.domain.toplist.ranking import RankedSong
from topk.domain.toplist.top_list import TopList
from topk.domain.toplist.window import DAYS
from topk.usecases.privacy.export import Connected, Held

LEFT_OUT: Mapping[str, str] = {
    "connections.grant": "tokens, sealed: nobody reads them, and whose they are has the account",
    "connections.version": "counts the writes of a row",
    "connections.refusals": "counts the provider's refusals in a row; the status tells the result",
    "connections.refused_since": "when those refusals began",
    "connections.push_agreed": "how many crawls in a row found only plays that were pushed",
    "connections.pulled_at": "when the account was last crawled while pushes bring its plays",
    "connections.followed": "what `owner_much_followed` was at the last crawl",
    "timetable.per_day": "the number of the crawls that are listed",
    "timetable.followed": "what `owner_much_followed` was at the last crawl",
    "timetable.census": "counts of the timetable of all",
    "timetable.holder": "the tick that works through the timetable of all",
    "timetable.leased_until": "how long it may",
    "timetable.through": "how far the timetable of all was worked through",
    "plays.expires_at": "follows from fetched_at and the retention",
    "top_lists.version": "counts the writes of a row",
    "top_lists.rule": "the rule that made the song ids, the same for everybody",
    "top_lists.window": "the same for everybody",
    "profiles.blocks_changed_at": "who has blocked the user is the others' to tell, and so is when",
    "profiles.announcing": "an announcement that is still to be sent",
    "profiles.spent": "counts the changes of the last minutes, for the rate limit",
    "profiles.spent_in": "the minutes that `spent` counts",
    "profiles.erasing": "who is being erased is answered 404; the receipt is theirs already",
    "handshakes.state_hash": "stands for a secret of the browser that began",
    "handshakes.code_verifier": "a secret between the service and the provider",
    "handshakes.grant": "tokens, sealed",
    "personal_tokens.token_hash": "stands for a secret of the user's player",
    "personal_tokens.parent": "the same, of the token that a session was derived from",
    "personal_tokens.sealed_password": "a secret of the user's player, sealed",
    "imports.version": "counts the writes of a row",
    "data_keys.epoch": "of a tenant and month",
    "data_keys.wrapped": "of a tenant and month",
    "provider_users.owners": "others who share the account; that the user does, `accounts` tells",
    "provider_budgets.*": "of the service's own application at a provider",
    "tenants.*": "of the host app: what it declared, and which operator changed it",
    "tenant_rates.*": "of the host app: how many requests it sends",
    "erasures.*": "names nobody: its holder alone can tie a receipt to a user",
    "blocks.owner": "who has blocked the user is the others' to tell",
    "follow_requests.declined": "the other user's decision, which the asker does not learn",
    "follow_requests.withdrawn": "kept for declined requests only, which it would reveal",
    "follow_requests.expires_at": "follows from asked_at",
}
"""Attributes (table.attribute) that an export omits, and why."""
_EPOCH = date(1970, 1, 1)


def members(held: Held, *, now: int) -> Iterator[tuple[str, Any]]:
    """The members of the document in order; long ones as iterators."""
    yield "user_id", held.owner.user
    yield "tenant", held.owner.tenant
    yield "made_at", now
    yield "profile", _profile(held.profile, held.person)
    yield "connections", [_connection(one) for one in held.connected]
    yield "handshakes", [_handshake(one) for one in held.handshakes]
    yield "personal_tokens", [_token(one) for one in held.tokens]
    yield "imports", [_import(one) for one in held.imports]
    yield "top_list", held.top_list and _top_list(held.top_list)
    yield "deleted_plays", [_deletion(one) for one in held.deletions]
    yield "corrections", [_correction(one) for one in held.corrections]
    yield "hidden_songs", [_mark(song) for song in held.hidden]
    yield "following", (_followed(other, agreed_at) for other, agreed_at in held.following)
    yield "followers", (other.user for other in held.followers)
    yield "follow_requests_sent", [_request(one) for one in held.requests_sent]
    yield "follow_requests_received", (other.user for other in held.requests_received)
    yield "blocks", (other.user for other in held.blocks)
    rules = Corrections(standing(held.corrections))
    yield "plays", (play for chunk in held.chunks for play in _plays(chunk, rules))


def _profile(profile: Profile, person: Person) -> dict[str, Any]:
    return {
        "visibility": profile.visibility,
        "time_zone": profile.time_zone,
        "followers": profile.followers,
        "hidden_songs": sorted(profile.hidden.songs),
        "hidden_providers": sorted(profile.hidden.providers),
        "plays_deleted_at": profile.plays_deleted_at or None,
        "exported_at": profile.exported_at or None,
        "being_erased": False,
        "name": person.name or None,
        "portrait": person.portrait or None,
        "service": person.service or None,
    }


def _connection(connected: Connected) -> dict[str, Any]:
    one = connected.connection
    return {
        "provider": one.provider,
        "accounts": connected.accounts,
        "status": one.status,
        "status_since": one.status_since,
        "reason": one.reason or None,
        "connected_at": one.connected_at,
        "access_ends_at": one.expires_at,
        "consent_ends_at": one.consent_ends_at,
        "crawled_through": one.crawled_through or None,
        "checkpoint": one.checkpoint or None,
        "known_since": one.known_since or None,
        "heard_at": one.heard_at or None,
        "viewed_at": one.viewed_at or None,
        "calm_since": one.calm_since or None,
        "crawls_per_day": one.cadence.per_day,
        "can_wait_days": one.cadence.every_days,
        "pulled_every_days": one.cadence.pulled_every,
        "owner_much_followed": one.much_followed,
        "suspected_gaps": [_day(gap) for gap in one.gaps],
        "timetable": [_crawl(entry) for entry in connected.crawls],
    }


def _crawl(entry: Entry) -> dict[str, Any]:
    return {
        "at": f"{entry.minute // 60:02}:{entry.minute % 60:02}",
        "can_wait_days": entry.cadence.every_days,
        "pulled_every_days": entry.cadence.pulled_every,
    }


def _handshake(begun: Handshake) -> dict[str, Any]:
    return {
        "provider": begun.provider,
        "waits_for": "consent" if begun.code_verifier else "confirmation",
        "return_to": begun.return_to,
        "redirect_uri": begun.redirect_uri,
        "expires_at": begun.expires_at,
    }


def _token(token: PersonalToken) -> dict[str, Any]:
    return {
        "kind": token.kind,
        "name": token.name,
        "created_at": token.created_at,
        "last_used_at": token.last_used_at or None,
        "latest_import": token.latest_import or None,
        "expires_at": token.expires_at,
    }


def _import(one: HistoryImport) -> dict[str, Any]:
    """An import and its receipt. The uploaded file itself is the user's own, and deleted."""
    return {
        "import_id": one.import_id,
        "file_name": one.file_name,
        "status": one.status,
        "created_at": one.created_at,
        "started_at": one.started_at or None,
        "finished_at": one.finished_at or None,
        "expires_at": one.expires_at,
        "etag": one.etag or None,
        "files": one.files,
        "files_done": one.position.file,
        "records_read": one.receipt.read,
        "records_new": one.receipt.new,
        "records_left_out": one.receipt.left,
        "examples": one.receipt.examples,
        "files_read": [asdict(file) for file in one.receipt.files],
    }


def _top_list(found: TopList) -> dict[str, Any]:
    known = found.completeness
    return {
        "as_of": found.as_of.isoformat(),
        "time_zone": found.time_zone,
        "complete_days": known.complete_days,
        "of_days": DAYS,
        "suspected_gaps": [day.isoformat() for day in known.suspected_gaps],
        "inferred_share": known.inferred_share,
        "latest_play_that_others_find": found.latest,
        "songs": _songs(found.songs, found.past),
        "songs_that_others_find": found.redacted
        and _songs(found.redacted.songs, found.redacted.past),
    }


def _songs(songs: tuple[RankedSong, ...], past: Past | None) -> list[dict[str, Any]]:
    return [_song(rank, song, past or Past()) for rank, song in enumerate(songs, start=1)]


def _song(rank: int, song: RankedSong, past: Past) -> dict[str, Any]:
    return {
        "rank": rank,
        "song_id": song.song_id,
        "same_as": song.joined,
        "title": song.title,
        "singers": song.singers,
        "albums": song.albums,
        "listen_count": song.listen_count,
        "last_listened_at": song.last_listened_at,
        "url": song.url,
        "thumbnail_image": song.image,
        "providers": song.providers,
        "movement": asdict(past.movement(song, rank)),
        "weeks_at_top": past.weeks_at_top(song, rank),
    }


def _followed(other: Owner, agreed_at: int | None) -> dict[str, Any]:
    return {"user_id": other.user, "agreed_at": agreed_at}


def _request(asked: FollowRequest) -> dict[str, Any]:
    return {"user_id": asked.edge.followed.user, "asked_at": asked.asked_at}


def _deletion(deletion: Deletion) -> dict[str, Any]:
    return {
        "until": deletion.until,
        "provider": deletion.provider or None,
        **_mark(deletion.song),
        "isrcs": deletion.isrcs,
    }


def _mark(song: SongMark) -> dict[str, Any]:
    return {
        "song_ids": song.ids,
        "names": [name._asdict() for name in song.names],
        "spellings": [spelling._asdict() for spelling in song.spellings],
        "identity_rule": song.rule,
    }


def _correction(one: Corrected) -> dict[str, Any]:
    """One that was undone has no content left."""
    if isinstance(one, Undone):
        return {"correction_id": one.correction_id, "made_at": one.made_at, "kind": "undone"}
    return {
        "correction_id": one.correction_id,
        "made_at": one.made_at,
        "kind": one.kind,
        "songs": [_mark(song) for song in one.songs],
        "since": one.since or None,
        "until": one.until or None,
        "provider": one.provider or None,
    }


def _plays(chunk: Chunk, rules: Corrections) -> Iterator[dict[str, Any]]:
    """Plays, each with its crawl or push, and whether its owner said that it was not theirs."""
    for play in chunk.plays:
        yield {
            "provider": play.provider,
            "listened_at": play.listened_at,
            "precision": play.precision.name.lower(),
            **play.track._asdict(),
            "fetched_at": chunk.fetched_at,
            "crawl_id": chunk.crawl_id,
            "not_me": rules.disown(play),
        }


def _day(number: int) -> str:
    """A day number since the epoch as YYYY-MM-DD."""
    return (_EPOCH + timedelta(days=number)).isoformat()
