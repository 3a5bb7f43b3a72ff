"""How each provider writes the same song."""

from urllib.parse import quote_plus

from simulator.listeners.catalogue import Song, Upload

VIDEOS = ("Official Video", "Official Music Video", "Official Audio")


def joined(artists: tuple[str, ...]) -> str:
    """A; A & B; A, B & C."""
    return " & ".join(part for part in (", ".join(artists[:-1]), artists[-1]) if part)


def spotify_title(song: Song, track_id: str) -> str:
    """Version after a dash; half of the titles also name the guests. A second id is a remaster."""
    title = song.title
    if song.guests and song.index % 2:
        title += f" (feat. {joined(song.guests)})"
    if song.version:
        return f"{title} - {song.version}"
    if song.remastered or track_id != song.spotify_ids[0]:
        return f"{title} - Remastered {song.remastered or 2011}"
    return title


def spotify_artists(song: Song) -> tuple[str, ...]:
    return song.singers + song.guests


def apple_title(song: Song) -> str:
    """Guests, versions and remasters in parentheses, brackets for a second one; a curved ’."""
    title = song.title.replace("'", "’")
    if song.guests:
        title += f" (feat. {joined(song.guests)})"
    addition = song.version or (f"{song.remastered} Remaster" if song.remastered else "")
    if not addition:
        return title
    return f"{title} [{addition}]" if song.guests else f"{title} ({addition})"


def apple_album(song: Song) -> str:
    return f"{song.album} - Single" if song.single else song.album


def youtube_title(song: Song) -> str:
    """The plain name on a Topic channel; elsewhere "Artist - Title (Official Video)"."""
    if song.upload is Upload.TOPIC:
        guests = f" (feat. {joined(song.guests)})" if song.guests else ""
        return f"{song.title}{guests}" + (f" ({song.version})" if song.version else "")
    guests = f" ft. {joined(song.guests)}" if song.guests else ""
    added = song.version or VIDEOS[song.index % 3]
    return f"{joined(song.singers)} - {song.title}{guests} ({added})"


def youtube_channel(song: Song) -> str:
    main = song.singers[0]
    if song.upload is Upload.TOPIC:
        return f"{main} - Topic"
    return f"{main.replace(' ', '')}VEVO" if song.upload is Upload.VEVO else main


def scrobbled_title(song: Song) -> str:
    """The title as players scrobble it: Spotify's spelling."""
    return spotify_title(song, song.spotify_ids[0])


def lastfm_path(song: Song) -> str:
    """The path of a track at https://www.last.fm, with the main artist only."""
    return f"/music/{quote_plus(song.singers[0])}/_/{quote_plus(scrobbled_title(song))}"


def partner_id(song: Song) -> str:
    return f"pl-{song.isrc.lower()}"
