"""Lets a user of the host play some songs: they make a token for a player, which submits plays.

python listen.py --api URL USER
"""

import argparse
import time

from host import Host

SONGS = (
    ("Paper Lanterns", "Mara Quill", 4),
    ("Salt and Static", "The Low Tides", 2),
    ("Slow Comet", "Ines Vale", 1),
)
APART_SECONDS = 240


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--api", required=True, help="address of the tenant's API")
    options.add_argument("--port", type=int, default=3000)
    options.add_argument("user")
    chosen = options.parse_args()
    host = Host(f"http://127.0.0.1:{chosen.port}", chosen.api)
    made = host.call("POST", "/v1/me/tokens", host.user_token(chosen.user), {"name": "Player"})
    played = [(title, artist) for title, artist, times in SONGS for _ in range(times)]
    now = int(time.time())
    listens = [
        {
            "listened_at": now - APART_SECONDS * number,
            "track_metadata": {"track_name": title, "artist_name": artist},
        }
        for number, (title, artist) in enumerate(played, start=1)
    ]
    # The ListenBrainz API, which players speak; it takes `Token` and `Bearer` alike.
    body = {"listen_type": "import", "payload": listens}
    host.call("POST", "/1/submit-listens", made["token"], body)


if __name__ == "__main__":
    main()
