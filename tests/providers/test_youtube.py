"""YouTube: consent, and the watch history through slow exports."""

import io
import json
import zipfile
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.providers.accounts import AUTHORIZATION, GRANT, NOW, YOUTUBE
from tests.providers.scripted import Script, form, reply, run, sample
from topk.domain.crawl.provider import Fetched
from topk.domain.errors import (
    BadPayloadError,
    NotPermittedError,
    ReauthRequiredError,
    TransientError,
)
from topk.domain.play import Play, Precision, Track
from topk.providers.http.transport import Transport
from topk.providers.youtube.adapter import ARCHIVE_BYTES
from topk.providers.youtube.export import Export

DAY = 86_400
SCOPE = "https://www.googleapis.com/auth/dataportability.myactivity.youtube"
PENDING = YOUTUBE.checkpoint
FIRST = (NOW - 8 * DAY) // DAY * DAY
"""Start of the first export: the beginning of the day eight days ago."""
EXPORTED = Export(exported_through=NOW, exported_at=NOW).fetched().checkpoint


def crawl(script: Script, checkpoint: str = "", now: int = NOW) -> Fetched:
    return run(YOUTUBE.adapter(script.http).fetch(GRANT, checkpoint, now=now))


def complete(*urls: str) -> httpx2.Response:
    return httpx2.Response(200, json={"state": "COMPLETE", "urls": list(urls)})


def archive(*records: Any) -> httpx2.Response:
    return httpx2.Response(200, json=list(records))


def record(**changed: Any) -> dict[str, Any]:
    usual = {
        "header": "YouTube Music",
        "title": "Watched One",
        "titleUrl": "https://music.youtube.com/watch?v=abc_DEF-123",
        "subtitles": [{"name": "A - Topic"}],
        "time": "2026-10-05T19:20:10.261Z",
        "products": ["YouTube"],
    }
    return usual | changed


def collect(*records: Any) -> Fetched:
    url = "https://storage.googleapis.com/fake/1"
    return crawl(Script(complete(url), archive(*records)), PENDING)


def test_consent_is_always_prompted_to_get_a_refresh_token() -> None:
    """Habit 21: otherwise a second consent returns none."""
    url = httpx2.URL(YOUTUBE.adapter(Script().http).authorize_url(AUTHORIZATION))

    assert (url.host, url.path) == ("accounts.google.com", "/o/oauth2/v2/auth")
    assert url.params["scope"] == SCOPE
    assert url.params["access_type"] == "offline"
    assert url.params["prompt"] == "consent"
    assert url.params["code_challenge_method"] == "S256"


def test_a_code_becomes_a_grant_with_googles_expiry_of_the_consent() -> None:
    script = Script(reply("youtube", "token.json"))

    grant = run(
        YOUTUBE.adapter(script.http).complete(AUTHORIZATION, {"code": "fake-code-1"}, now=NOW)
    )

    assert str(script.requests[0].url) == "https://oauth2.googleapis.com/token"
    assert "authorization" not in script.requests[0].headers
    assert form(script.requests[0]) == {
        "grant_type": "authorization_code",
        "code": "fake-code-1",
        "redirect_uri": AUTHORIZATION.redirect_uri,
        "code_verifier": AUTHORIZATION.code_verifier,
        "client_id": "fake-client",
        "client_secret": "fake-client-secret",
    }
    assert grant.refresh_token == "fake-refresh-token-1"
    assert grant.expires_at == NOW + 3599
    assert grant.consent_ends_at == NOW + 15_551_999


def test_a_consent_without_a_refresh_token_is_refused() -> None:
    """Habit 21: the grant would end within the hour without a visible reason."""
    answer = json.loads(sample("youtube", "token.json"))
    del answer["refresh_token"]
    adapter = YOUTUBE.adapter(Script(httpx2.Response(200, json=answer)).http)

    with pytest.raises(ReauthRequiredError, match="no_refresh_token"):
        run(adapter.complete(AUTHORIZATION, {"code": "fake-code-1"}, now=NOW))


def test_a_consent_without_a_stated_end_lasts_180_days() -> None:
    token = json.loads(sample("youtube", "token.json"))
    del token["refresh_token_expires_in"]
    adapter = YOUTUBE.adapter(Script(httpx2.Response(200, json=token)).http)

    grant = run(adapter.complete(AUTHORIZATION, {"code": "fake-code-1"}, now=NOW))

    assert grant.consent_ends_at == NOW + 180 * DAY


def test_a_refresh_keeps_the_refresh_token() -> None:
    script = Script(reply("youtube", "token_refreshed.json"))

    fresh = run(YOUTUBE.adapter(script.http).refresh(GRANT, now=NOW))

    assert fresh.access_token == "fake-access-token-2"
    assert fresh.refresh_token == GRANT.refresh_token
    assert fresh.consent_ends_at == GRANT.consent_ends_at


def test_a_dead_grant_requires_consent() -> None:
    """Habit 21: a refresh token dies after 7 days in testing mode."""
    script = Script(reply("youtube", "token_expired_grant.json", 400))

    with pytest.raises(ReauthRequiredError) as caught:
        run(YOUTUBE.adapter(script.http).refresh(GRANT, now=NOW))
    assert caught.value.reason == "invalid_grant"


def test_a_wrong_client_secret_is_not_the_users_fault() -> None:
    script = Script(reply("youtube", "token_invalid_client.json", 401))

    with pytest.raises(NotPermittedError):
        run(YOUTUBE.adapter(script.http).refresh(GRANT, now=NOW))


@pytest.mark.parametrize(
    "answer", [httpx2.Response(200, json={}), reply("youtube", "revoke_invalid_token.json", 400)]
)
def test_a_grant_is_revoked_and_revoking_a_dead_one_is_no_error(answer: httpx2.Response) -> None:
    script = Script(answer)
    run(YOUTUBE.adapter(script.http).revoke(GRANT))

    assert str(script.requests[0].url) == "https://oauth2.googleapis.com/revoke"
    assert form(script.requests[0]) == {"token": GRANT.refresh_token}


def test_a_failed_revocation_is_reported() -> None:
    with pytest.raises(TransientError):
        run(YOUTUBE.adapter(Script(httpx2.Response(503)).http).revoke(GRANT))


def test_the_first_crawl_starts_an_export_of_the_last_eight_days() -> None:
    script = Script(reply("youtube", "initiated.json"))

    fetched = crawl(script)

    request = script.requests[0]
    assert (request.method, request.url.path) == ("POST", "/v1/portabilityArchive:initiate")
    assert request.headers["authorization"] == "Bearer fake-access-token-1"
    assert json.loads(request.content) == json.loads(sample("youtube", "initiate_request.json"))
    assert (fetched.plays, fetched.crawled_through, fetched.resume_after) == ((), 0, 300)


def test_a_running_export_is_polled_again() -> None:
    """Habit 22: an export is prepared over minutes or hours."""
    script = Script(reply("youtube", "state_in_progress.json"))
    adapter = YOUTUBE.adapter(script.http, poll_seconds=20)

    fetched = run(adapter.fetch(GRANT, PENDING, now=NOW))

    path = "/v1/archiveJobs/fake-archive-job-1/portabilityArchiveState"
    assert script.requests[0].url.path == path
    assert (fetched.resume_after, fetched.checkpoint) == (20, PENDING)


def test_a_complete_export_returns_the_music_watched() -> None:
    fetched = crawl(Script(*(reply("youtube", name) for name in YOUTUBE.pages)), PENDING)

    assert fetched.plays[0] == Play(
        "youtube",
        Track(
            track_id="dQpLanternA",
            title="Paper Lanterns",
            artists=("Mira Holt - Topic",),
            url="https://www.youtube.com/watch?v=dQpLanternA",
            image="https://i.ytimg.com/vi/dQpLanternA/mqdefault.jpg",
        ),
        listened_at=1_791_228_010,
        precision=Precision.EXACT,
    )
    assert [play.track.track_id for play in fetched.plays] == ["dQpLanternA", "kVundertow1"]
    assert fetched.skipped == 1
    assert (fetched.crawled_through, fetched.resume_after) == (NOW - 600, None)


def test_each_export_covers_eight_whole_days_for_late_offline_plays() -> None:
    done = crawl(Script(*(reply("youtube", name) for name in YOUTUBE.pages)), PENDING)
    script = Script(reply("youtube", "initiated.json"))

    crawl(script, done.checkpoint, now=NOW - 600 + DAY)

    asked = json.loads(script.requests[0].content)
    assert asked["startTime"] == "2026-09-29T00:00:00Z"
    assert asked["endTime"] == "2026-10-07T13:50:00Z"


def test_within_a_day_of_an_export_no_request_is_sent() -> None:
    script = Script()

    fetched = crawl(script, EXPORTED, now=NOW + DAY // 2)

    assert script.requests == []
    assert fetched == Fetched((), EXPORTED, NOW)


def test_a_slightly_early_daily_crawl_waits_instead_of_losing_the_day() -> None:
    fetched = crawl(Script(), EXPORTED, now=NOW + DAY - 7)

    assert fetched == Fetched((), EXPORTED, NOW, resume_after=7)


@pytest.mark.parametrize("checkpoint", ["", EXPORTED])
@pytest.mark.parametrize(
    "refusal",
    [
        reply("youtube", "already_exported.json", 429),
        reply("youtube", "already_exported_precondition.json", 400),
    ],
    ids=["exhausted", "precondition"],
)
def test_an_export_refused_as_too_early_changes_nothing(
    checkpoint: str, refusal: httpx2.Response
) -> None:
    """Habit 22: one export in 24 hours; the refusal concerns only this user."""
    script = Script(refusal)

    fetched = crawl(script, checkpoint, now=NOW + DAY)

    assert fetched.plays == ()
    assert fetched.crawled_through == (NOW if checkpoint else 0)
    assert Export.of(fetched.checkpoint) == Export.of(checkpoint).refused(now=NOW + DAY)
    assert fetched.resume_after is None


def test_an_already_running_export_is_adopted() -> None:
    """Started by an earlier connection, or by a crawl that ended before it saved this."""
    adopted = crawl(Script(reply("youtube", "export_under_way.json", 409)), "", now=NOW + 3600)
    script = Script(*(reply("youtube", name) for name in YOUTUBE.pages))
    done = crawl(script, adopted.checkpoint, now=NOW + 7200)

    assert (adopted.plays, adopted.resume_after) == ((), 300)
    assert Export.of(adopted.checkpoint).job == "fake-archive-job-1"
    assert done.plays
    assert done.crawled_through == NOW, "the end of that export, not when it was taken over"


def test_an_account_exported_too_recently_waits_until_google_says() -> None:
    refusal = reply("youtube", "already_exported.json", 429)
    named = 1_791_381_000
    """2026-10-07T13:50:00Z, as the sample says."""

    fetched = crawl(Script(refusal), now=NOW)
    again = crawl(Script(refusal), fetched.checkpoint, now=NOW + 60)

    assert (fetched.plays, fetched.resume_after) == ((), named - NOW)
    assert again.resume_after is None, "a message that comes twice asks for no second wait"


@pytest.mark.parametrize("named", ["soon", "", 7, "2026-10-06T13:00:00Z", "2027-01-01T00:00:00Z"])
def test_a_wait_that_google_names_and_cannot_mean_is_left_to_the_daily_crawl(named: Any) -> None:
    answer = json.loads(sample("youtube", "already_exported.json"))
    answer["error"]["details"][0]["metadata"]["timestamp_after_24hrs"] = named

    fetched = crawl(Script(httpx2.Response(429, json=answer)), now=NOW)

    assert fetched.resume_after is None


def test_access_given_for_once_ends_with_its_export() -> None:
    with pytest.raises(ReauthRequiredError) as caught:
        crawl(Script(reply("youtube", "access_used_up.json", 429)), EXPORTED, now=NOW + DAY)
    assert caught.value.reason == "consent_used_up"


def test_a_conflict_without_a_job_is_a_bad_payload() -> None:
    answer = json.loads(sample("youtube", "export_under_way.json"))
    answer["error"]["details"][0]["metadata"] = {"job_id": 7}
    with pytest.raises(BadPayloadError):
        crawl(Script(httpx2.Response(409, json=answer)), "")


@pytest.mark.parametrize(
    "answer",
    [
        reply("youtube", "state_failed.json"),
        reply("youtube", "state_cancelled.json"),
        httpx2.Response(404, json={"error": {"code": 404, "status": "NOT_FOUND"}}),
    ],
    ids=["failed", "cancelled", "forgotten"],
)
def test_the_next_export_covers_a_failed_one(answer: httpx2.Response) -> None:
    begun = crawl(Script(reply("youtube", "initiated.json")), EXPORTED, now=NOW + DAY)
    failed = crawl(Script(answer), begun.checkpoint, now=NOW + DAY + 60)
    script = Script(reply("youtube", "initiated.json"))
    crawl(script, failed.checkpoint, now=NOW + 2 * DAY)

    assert (failed.plays, failed.resume_after, failed.crawled_through) == ((), None, NOW)
    assert json.loads(script.requests[0].content)["startTime"] == "2026-09-30T00:00:00Z"


def test_an_export_that_never_ends_is_replaced_at_once() -> None:
    unfinished = Script(reply("youtube", "state_in_progress.json"))

    fetched = crawl(unfinished, PENDING, now=NOW + 2 * DAY)

    assert Export.of(fetched.checkpoint).job is None
    assert fetched.resume_after == 0


def test_an_archive_is_requested_without_our_token() -> None:
    script = Script(*(reply("youtube", name) for name in YOUTUBE.pages))
    crawl(script, PENDING)

    assert script.requests[1].url.host == "storage.googleapis.com"
    assert "authorization" not in script.requests[1].headers


@pytest.mark.parametrize(
    "address",
    [
        "http://storage.googleapis.com/x",
        "https://evil.example/x",
        "https://storage.googleapis.com.evil.example/x",
        "https://evilgoogleapis.com/x",
        "https://storage.googleapis.com@evil.example/x",
        "https://evil.example\\.googleapis.com/x",
        "https://evil.example/#.googleapis.com",
        "http://169.254.169.254/latest",
        "file:///etc/passwd",
        "https://[",
        "",
    ],
)
def test_an_archive_on_another_host_is_not_requested(address: str) -> None:
    script = Script(complete(address))

    with pytest.raises(BadPayloadError):
        crawl(script, PENDING)
    assert len(script.requests) == 1


@pytest.mark.parametrize(
    "address",
    [
        "https://storage.googleapis.com/x?sig=1",
        "https://x.storage.googleapis.com/x",
        "https://a-b.googleusercontent.com/x",
        "https://dataportability.googleapis.com/x",
    ],
)
def test_an_archive_in_googles_storage_is_requested(address: str) -> None:
    assert crawl(Script(complete(address), archive()), PENDING).plays == ()


def test_an_expired_archive_url_is_requested_again() -> None:
    with pytest.raises(TransientError):
        crawl(Script(complete("https://storage.googleapis.com/x"), httpx2.Response(403)), PENDING)


def test_an_export_with_expired_urls_is_replaced() -> None:
    refused = Script(complete("https://storage.googleapis.com/x"), httpx2.Response(403))
    fetched = crawl(refused, PENDING, now=NOW + DAY)
    assert (fetched.plays, Export.of(fetched.checkpoint).job) == ((), None)


def test_a_complete_export_without_archives_is_empty() -> None:
    fetched = crawl(Script(complete()), PENDING)

    assert (fetched.plays, fetched.crawled_through) == ((), NOW - 600)


FILE = "Portability/My Activity/YouTube/MyActivity.json"


def packed(body: bytes, name: str = FILE, **others: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, body)
        for other, content in others.items():
            file.writestr(other.replace("_", "."), content)
    return target.getvalue()


def collect_packed(body: bytes) -> Fetched:
    url = "https://storage.googleapis.com/fake/1"
    return crawl(Script(complete(url), httpx2.Response(200, content=body)), PENDING)


def test_an_archive_may_be_a_zip() -> None:
    plain = crawl(Script(*(reply("youtube", name) for name in YOUTUBE.pages)), PENDING)

    assert collect_packed(packed(sample("youtube", "archive.json"))) == plain


@pytest.mark.parametrize("name", [FILE, "Takeout/Meine Aktivitäten/YouTube/MeineAktivitäten.json"])
def test_all_files_of_a_zip_are_read_whatever_their_names(name: str) -> None:
    records = json.loads(sample("youtube", "archive.json"))
    first, second = (json.dumps(part).encode() for part in (records[:1], records[1:]))
    body = packed(first, name, more_json=second, about_html=b"<html>", settings_json=b"{}")
    whole = crawl(Script(*(reply("youtube", name) for name in YOUTUBE.pages)), PENDING)

    assert collect_packed(body) == whole


@pytest.mark.parametrize(
    "body",
    [
        packed(b"[]", name="Other.html"),
        packed(b"[]", more_json=b"["),
        packed(b"[]", more_json=b"[" + b" " * ARCHIVE_BYTES + b"]"),
        packed(b"[]")[:-30],
        packed(b"{}"),
        packed(b"[" + b" " * ARCHIVE_BYTES + b"]"),
        b"<html>",
        b"",
        b"{}",
    ],
    ids=[
        "other file",
        "second file broken",
        "second file too long",
        "truncated",
        "no array",
        "too long",
        "page",
        "empty",
        "object",
    ],
)
def test_an_invalid_archive_is_reported(body: bytes) -> None:
    with pytest.raises(BadPayloadError):
        collect_packed(body)


@pytest.mark.parametrize(
    "other",
    [
        record(title="Searched for one"),
        record(header="YouTube"),
        record(title="Viewed a post"),
    ],
)
def test_activity_other_than_watched_music_is_ignored(other: dict[str, Any]) -> None:
    """Habit 22: searches and other videos are mixed in."""
    fetched = collect(record(), other)

    assert (len(fetched.plays), fetched.skipped) == (1, 0)


def test_music_can_be_recognised_by_its_product() -> None:
    assert collect(record(header="YouTube", products=["YouTube", "YouTube Music"])).plays


@pytest.mark.parametrize(
    "broken",
    [
        record(titleUrl=None),
        record(titleUrl="https://music.youtube.com/playlist?list=1"),
        record(titleUrl="https://music.youtube.com/watch?v=%22%3E%3Cscript"),
        record(titleUrl="https://["),
        record(title="Watched https://music.youtube.com/watch?v=abc_DEF-123"),
        record(time="yesterday"),
        record(time="2026-10-08T14:00:01Z"),
        record(time="1999-12-31T23:59:59Z"),
        record(title=7),
        None,
        [],
    ],
)
def test_a_broken_record_is_counted_and_its_archive_kept(broken: Any) -> None:
    fetched = collect(record(), broken)

    assert (len(fetched.plays), fetched.skipped) == (1, 1)


def test_a_missing_scope_requires_consent_and_a_refused_app_does_not() -> None:
    """Habit 22: a one-time consent ends."""
    with pytest.raises(ReauthRequiredError, match="consent_withdrawn"):
        crawl(Script(reply("youtube", "forbidden_scope.json", 403)))
    with pytest.raises(NotPermittedError):
        crawl(Script(reply("youtube", "forbidden.json", 403)))


def test_a_job_id_cannot_lead_to_another_path() -> None:
    script = Script(httpx2.Response(200, json={"archiveJobId": "../../v1/other?x=#"}), archive())
    begun = crawl(script)
    script = Script(reply("youtube", "state_in_progress.json"))
    crawl(script, begun.checkpoint)

    asked = script.requests[0].url.raw_path
    assert asked == b"/v1/archiveJobs/..%2F..%2Fv1%2Fother%3Fx%3D%23/portabilityArchiveState"


class Google:
    """Google's side: one export a day of what is known then, complete after a number of polls.

    `watched` tells when each play began and when Google came to know of it.
    """

    def __init__(self, watched: set[tuple[int, int]], questions: int) -> None:
        self.now = 0
        self.watched = watched
        self._export: tuple[int, int] = 0, 0
        self._begun_at: int | None = None
        self._questions = self._left = questions

    def known(self, start: int, end: int) -> set[int]:
        begun_at = self._begun_at or 0
        return {at for at, known in self.watched if start <= at < end and known <= begun_at}

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.path.endswith(":initiate"):
            return self._initiate(json.loads(request.content))
        if request.url.path.endswith("State"):
            self._left -= 1
            if self._left < 0:
                return complete("https://storage.googleapis.com/x")
            return reply("youtube", "state_in_progress.json")
        stamps = (datetime.fromtimestamp(at, UTC).isoformat() for at in self.known(*self._export))
        return archive(*(record(time=stamp) for stamp in stamps))

    def _initiate(self, asked: dict[str, Any]) -> httpx2.Response:
        if self._begun_at is not None and self.now - self._begun_at < DAY:
            return reply("youtube", "already_exported.json", 429)
        span = (datetime.fromisoformat(asked[key]) for key in ("startTime", "endTime"))
        start, end = (int(moment.timestamp()) for moment in span)
        self._export = start, end
        self._begun_at, self._left = self.now, self._questions
        return reply("youtube", "initiated.json")


@settings(deadline=None, max_examples=60)
@given(
    st.sets(st.tuples(st.integers(-9 * DAY, 4 * DAY), st.integers(0, 5 * DAY)), max_size=12),
    st.lists(st.integers(0, DAY), min_size=1, max_size=12),
    st.integers(0, 3),
)
def test_successive_exports_return_everything_however_late(
    watched: set[tuple[int, int]], waits: list[int], questions: int
) -> None:
    google = Google({(NOW + at, NOW + at + late) for at, late in watched}, questions)
    adapter = YOUTUBE.adapter(Transport(lambda: httpx2.MockTransport(google)))
    now, checkpoint, through = NOW, "", 0
    brought: set[int] = set()
    for wait in [0, *waits]:
        now = google.now = now + wait
        fetched = run(adapter.fetch(GRANT, checkpoint, now=now))
        brought |= {play.listened_at for play in fetched.plays}
        assert fetched.crawled_through >= through
        checkpoint, through = fetched.checkpoint, fetched.crawled_through
        if Export.of(checkpoint).job is None:
            assert brought == google.known(FIRST, through)


@pytest.mark.parametrize(("late", "brought"), [([], ["d3"]), (["d2", "d2b"], ["d2", "d2b", "d3"])])
def test_a_day_is_returned_again_only_after_a_late_play(
    late: list[str], brought: list[str]
) -> None:
    def watched(song: str) -> dict[str, Any]:
        watch = f"https://music.youtube.com/watch?v={song}"
        return record(titleUrl=watch, time=f"2026-10-0{3 + int(song[1])}T12:00:00Z")

    def export(checkpoint: str, songs: list[str], now: int) -> Fetched:
        begun = crawl(Script(reply("youtube", "initiated.json")), checkpoint, now)
        done = complete("https://storage.googleapis.com/x"), archive(*map(watched, songs))
        return crawl(Script(*done), begun.checkpoint, now)

    first = export("", ["d1"], NOW - DAY)
    second = export(first.checkpoint, ["d1", *late, "d3"], NOW)

    assert [play.track.track_id for play in second.plays] == brought


def test_a_reconnected_account_loses_no_day_to_the_previous_export() -> None:
    """The previous export was started by another connection, minutes after its daily crawl."""
    late = 600
    google = Google(set(), questions=0)
    adapter = YOUTUBE.adapter(Transport(lambda: httpx2.MockTransport(google)))

    def crawled(checkpoint: str, now: int) -> Fetched:
        google.now = now
        return run(adapter.fetch(GRANT, checkpoint, now=now))

    assert Export.of(crawled("", NOW + late).checkpoint).job
    connected = crawled("", NOW + 3600)
    daily = crawled(connected.checkpoint, NOW + DAY)
    resumed = crawled(daily.checkpoint, NOW + DAY + (daily.resume_after or 0))

    assert (connected.resume_after, daily.resume_after) == (82_200, 3600)
    assert Export.of(resumed.checkpoint).job
    assert Export.of(resumed.checkpoint).refused_at is None


def test_a_permanent_refusal_is_left_to_the_daily_crawls() -> None:
    refusal = reply("youtube", "already_exported.json", 429)
    now, checkpoint, asked = NOW, "", 0
    while asked < 10:
        fetched = crawl(Script(refusal), checkpoint, now=now)
        checkpoint, asked = fetched.checkpoint, asked + 1
        if fetched.resume_after is None and now > NOW:
            break
        now += fetched.resume_after or DAY
    assert asked == 4, "at once, a day later, and twice an hour apart"
