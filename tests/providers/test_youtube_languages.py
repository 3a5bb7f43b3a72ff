"""Watched music of accounts in any language, recognised by the shape of its record."""

import json
from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.providers.accounts import GRANT, NOW, YOUTUBE
from tests.providers.scripted import Script, reply, run
from topk.domain.crawl.provider import Fetched
from topk.domain.crawl.skipped import Skip
from topk.providers.youtube.watched import SENTENCES, wording_of

LANGUAGES = {
    "English": "Watched {}",
    "German": "{} angesehen",
    "French": "Vous avez regardé {}",
    "Spanish": "Has visto {}",
    "Italian": "Hai guardato {}",
    "Portuguese": "Você assistiu a {}",
    "Dutch": "Je hebt naar {} gekeken",
    "Swedish": "Tittade på {}",
    "Danish": "Så {}",
    "Norwegian": "Så på {}",
    "Finnish": "{} katsottiin",
    "Icelandic": "Þú horfðir á {}",
    "Polish": "Obejrzano: {}",
    "Czech": "Zhlédli jste video {}",
    "Slovak": "Pozreli ste si video {}",
    "Hungarian": "Megnézett videó: {}",
    "Romanian": "Ați vizionat {}",
    "Bulgarian": "Гледахте {}",
    "Russian": "Просмотрено видео {}",
    "Ukrainian": "Ви дивилися відео {}",
    "Serbian": "Гледали сте {}",
    "Croatian": "Gledali ste {}",
    "Slovenian": "Ogledali ste si {}",
    "Albanian": "Keni parë {}",
    "Lithuanian": "Peržiūrėjote {}",
    "Latvian": "Skatījāties {}",
    "Estonian": "Vaatasid videot {}",
    "Greek": "Παρακολουθήσατε το βίντεο {}",
    "Turkish": "{} adlı videoyu izlediniz",
    "Azerbaijani": "{} izlənildi",
    "Hebrew": "צפית ב-{}",
    "Arabic": "تمت مشاهدة {}",
    "Persian": "{} را تماشا کردید",
    "Urdu": "{} دیکھی",
    "Hindi": "{} देखा",
    "Bengali": "{} দেখা হয়েছে",
    "Tamil": "{} பார்க்கப்பட்டது",
    "Japanese": "{} を視聴しました",
    "Korean": "{}을(를) 시청함",
    "Chinese": "观看了 {}",
    "Chinese (Taiwan)": "已觀看「{}」",
    "Thai": "ดู {}",
    "Vietnamese": "Đã xem {}",
    "Indonesian": "Menonton {}",
    "Filipino": "Pinanood ang {}",
    "Swahili": "Umetazama {}",
    "Afrikaans": "Het {} gekyk",
    "Catalan": "Has mirat {}",
}
TITLES = ("Song A", "Another Song (Official Video)", "夜明け", "Тишина", "Så på", "Watched")


def record(title: str, at: int = 0, **changed: Any) -> dict[str, Any]:
    usual = {
        "header": "YouTube Music",
        "title": title,
        "titleUrl": f"https://music.youtube.com/watch?v=abc{at}",
        "subtitles": [{"name": "Some Band - Topic"}],
        "time": f"2026-10-05T10:{at:02}:00.000Z",
        "products": ["YouTube"],
    }
    return usual | changed


def collect(*records: Any) -> Fetched:
    state = {"state": "COMPLETE", "urls": ["https://storage.googleapis.com/fake/1"]}
    archive = httpx2.Response(200, content=json.dumps(records))
    script = Script(httpx2.Response(200, json=state), archive)
    return run(YOUTUBE.adapter(script.http).fetch(GRANT, YOUTUBE.checkpoint, now=NOW))


def titles_of(fetched: Fetched) -> list[str]:
    return [play.track.title for play in sorted(fetched.plays, key=lambda one: one.listened_at)]


def test_forty_languages_and_more_are_known() -> None:
    assert len(LANGUAGES) >= 40
    assert len(SENTENCES) > 100


@pytest.mark.parametrize("sentence", LANGUAGES.values(), ids=LANGUAGES)
def test_a_watched_song_is_a_play_by_its_own_title_in_any_language(sentence: str) -> None:
    one = collect(record(sentence.format("Song A")))
    whole = collect(*(record(sentence.format(title), n) for n, title in enumerate(TITLES)))

    assert titles_of(one) == ["Song A"]
    assert titles_of(whole) == list(TITLES)
    assert (one.skipped, whole.skipped) == (0, 0)


def test_records_of_several_languages_in_one_archive_are_all_read() -> None:
    shown = list(LANGUAGES.values())[:12]
    fetched = collect(*(record(one.format("Song A"), n) for n, one in enumerate(shown)))

    assert titles_of(fetched) == ["Song A"] * 12


@pytest.mark.parametrize("sentence", ["Zaboravih {}", "{} xwyz", "Qorl {} vint", "{}テスト済み"])
def test_a_language_that_nobody_knows_is_read_by_what_its_titles_share(sentence: str) -> None:
    fetched = collect(*(record(sentence.format(title), n) for n, title in enumerate(TITLES)))

    assert len(fetched.plays) == len(TITLES)
    if " " in sentence:
        assert titles_of(fetched) == list(TITLES)


def test_a_single_record_of_an_unknown_language_is_a_play() -> None:
    assert titles_of(collect(record("Qorl Song A vint"))) == ["Qorl Song A vint"]


@pytest.mark.parametrize(
    "title",
    ["\u200eWatched\xa0Song A", "Watched “Song A”", "Watched  Song A ", "Watched Song\u202fA"],
)
def test_marks_and_spaces_of_typography_are_no_part_of_the_title(title: str) -> None:
    assert titles_of(collect(record(title))) == ["Song A"]


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (record("Searched for song", titleUrl="https://www.youtube.com/results?search_query=s"),
         Skip.SEARCH),
        (record("Nach Song gesucht", titleUrl="https://music.youtube.com/search?q=s"), Skip.SEARCH),
        (record("Watched Buy this", details=[{"name": "From Google Ads"}]), Skip.AD),
        (record("Watched Buy this", details=[{"name": "Von Google Ads"}]), Skip.AD),
        (record("Visited A", titleUrl="https://www.youtube.com/channel/UC1"), Skip.OTHER_ACTIVITY),
        (record("Liked Song A"), Skip.OTHER_ACTIVITY),
        (record("Watched a video that has been removed", titleUrl=None, subtitles=[]),
         Skip.REMOVED),
        (record("Watched https://music.youtube.com/watch?v=abc0", subtitles=[]), Skip.REMOVED),
        (record("Did something with Song A"), Skip.UNKNOWN),
        (record("Watched Song A", titleUrl="https://music.youtube.com/playlist?list=1"),
         Skip.UNKNOWN),
    ],
)  # fmt: skip
def test_what_is_no_watched_song_is_counted_by_its_reason(
    other: dict[str, Any], reason: Skip
) -> None:
    fetched = collect(*(record(f"Watched {title}", n + 1) for n, title in enumerate("abc")), other)

    assert titles_of(fetched) == ["a", "b", "c"]
    assert dict(fetched.left_out.counts) == {reason: 1}


@pytest.mark.parametrize("channels", [[], None, [{"name": ""}], [{}], "x"])
def test_a_song_whose_channel_is_not_named_is_a_play_without_artist(channels: Any) -> None:
    fetched = collect(record("Watched Song A", subtitles=channels))

    assert [(play.track.title, play.track.artists) for play in fetched.plays] == [("Song A", ())]


def test_a_complete_export_is_counted_item_by_item() -> None:
    script = Script(*(reply("youtube", name) for name in YOUTUBE.pages))
    fetched = run(YOUTUBE.adapter(script.http).fetch(GRANT, YOUTUBE.checkpoint, now=NOW))

    assert dict(fetched.left_out.counts) == {Skip.SEARCH: 1, Skip.REMOVED: 1}
    assert (fetched.read, fetched.skipped) == (2, 1)


@given(
    st.sampled_from(list(LANGUAGES.values())),
    st.lists(st.text("abcdef ABC(-)é夜", min_size=1).map(str.strip).filter(bool), max_size=9),
)
def test_every_title_comes_out_of_its_sentence(sentence: str, titles: list[str]) -> None:
    wording = wording_of([sentence.format(title) for title in titles])

    found = [wording.title_in(sentence.format(title)) for title in titles]
    assert found == titles
