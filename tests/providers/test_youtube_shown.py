"""What a list shows of songs watched on a video site: clean titles and artists, whatever the
language of the account and the name of the channel.
"""

import pytest

from tests.providers.test_youtube_languages import collect, record
from topk.domain.toplist.ranking import RankedSong, rank
from topk.domain.toplist.window import Window

NOON = 1_791_460_800
"""2026-10-08T12:00:00Z, three days after the records."""


def listed(title: str, *channels: str) -> RankedSong:
    """The only song of a list made from one record of an account's activity."""
    fetched = collect(record(title, subtitles=[{"name": channel} for channel in channels]))
    (song,) = rank(fetched.plays, Window.current(NOON), 30)
    return song


@pytest.mark.parametrize(
    "title",
    [
        "Song A angesehen",
        "Has visto Song A",
        "Vous avez regardé Song A",
        "Hai guardato Song A",
        "Song A を視聴しました",
        "Song A을(를) 시청함",
        "Просмотрено видео Song A",
    ],
)
def test_a_sentence_of_any_language_shows_the_song_alone(title: str) -> None:
    song = listed(title, "Some Band - Topic")
    assert (song.title, song.singers, song.listen_count) == ("Song A", ("Some Band",), 1)


@pytest.mark.parametrize(
    "title",
    [
        "Some Band - Song A (Official Music Video) angesehen",
        "Has visto Some Band - Song A [Official Lyric Video]",
        "Some Band - Song A (Clip officiel) を視聴しました",
    ],
)
def test_both_the_sentence_and_the_marks_of_a_video_are_taken_away(title: str) -> None:
    song = listed(title, "SomeBandVEVO")
    assert (song.title, song.singers) == ("Song A", ("Some Band",))


@pytest.mark.parametrize(
    "channel",
    [
        "Some Band - Topic",
        "Some Band - 主题",
        "Some Band - Thema",
        "Some Band - Tema",
        "Some Band - トピック",
    ],
)
def test_a_topic_channel_of_any_language_is_shown_as_its_artist(channel: str) -> None:
    assert listed("Watched Song A", channel).singers == ("Some Band",)


@pytest.mark.parametrize("channel", ["Release - Topic", "Music Library Uploads"])
def test_a_channel_that_names_no_artist_is_shown_without_a_singer(channel: str) -> None:
    song = listed("Watched Song A", channel)
    assert (song.title, song.singers) == ("Song A", ())


@pytest.mark.parametrize(
    ("title", "channel", "clean", "singer"),
    [
        (
            "Olga Baptiste - Find the Harbour (Official Music Video)",
            "OlgaBaptisteVEVO",
            "Find the Harbour",
            "Olga Baptiste",
        ),
        ("Some Band - Song A [Official Lyric Video] HD", "SomeBandVEVO", "Song A", "Some Band"),
        ('Some Band "Song A" MV', "Some Label", "Song A", "Some Band"),
        ("【MV】Some Band「夜明け」", "Some Band Official", "夜明け", "Some Band"),
        ("Some Band - Song A | Official Audio", "Some Band", "Song A", "Some Band"),
        ("Some Band - Song A (Video Oficial)", "SomeBandVEVO", "Song A", "Some Band"),
        (
            "Some Band - Song A (Live at Wembley)",
            "Some Band",
            "Song A (Live at Wembley)",
            "Some Band",
        ),
    ],
)
def test_what_a_video_site_adds_is_not_shown(
    title: str, channel: str, clean: str, singer: str
) -> None:
    song = listed(f"Watched {title}", channel)
    assert (song.title, song.singers) == (clean, (singer,))
