"""Answers of the API for tests."""

from typing import Any

TITLES = (
    ("Paper Lanterns", "Mara Quill", "Night Ferry"),
    ("Salt and Static", "The Low Tides", "Harbour Radio"),
    ("Slow Comet", "Ines Vale", "Perihelion"),
    ("Copper Wire", "Hallow & Finch", "Circuits"),
    ("Tell the Moon", "Odile Marsh", "Tell the Moon"),
    ("Winter Number", "Kestrel Yard", "Numbers"),
    ("Glass Orchard", "Sunday Animals", "Glass Orchard"),
    ("Undertow", "June Aster", "Far Water"),
    ("Kites Over Concrete", "Block Party Choir", "Ground Floor"),
    ("Last Tram Home", "Nils Okafor", "Terminus"),
)
MOVEMENTS = (
    {"direction": "same", "places": 0},
    {"direction": "up", "places": 3},
    {"direction": "new", "places": 0},
    {"direction": "down", "places": 1},
)
PROVIDERS = (["spotify", "lastfm"], ["apple_music"], ["spotify", "youtube", "listenbrainz"])


def song(rank: int, **attributes: Any) -> dict[str, Any]:
    title, singer, album = TITLES[(rank - 1) % len(TITLES)]
    return {
        "song_id": f"song-{rank}",
        "title": title,
        "description": f"{title} by {singer}, from {album}",
        "singers": [singer],
        "albums": [album],
        "listen_count": max(61 - 5 * rank, 1),
        "url": f"https://music.example/{rank}",
        "thumbnail_image": None,
        "providers": PROVIDERS[rank % 3],
        "movement": MOVEMENTS[(rank - 1) % 4],
        "weeks_at_top": 3 if rank == 1 else 0,
    } | attributes


def top_list(length: int = 10, **attributes: Any) -> dict[str, Any]:
    return {
        "user_id": "ada",
        "as_of": "2026-11-17",
        "window": {"start": 1762732800, "end": 1763337600, "time_zone": "UTC"},
        "completeness": {
            "complete_days": 7,
            "of_days": 7,
            "suspected_gaps": [],
            "inferred_share": 0.0,
        },
        "stale": False,
        "songs": [song(rank) for rank in range(1, length + 1)],
    } | attributes
