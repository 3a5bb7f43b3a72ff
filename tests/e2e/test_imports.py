"""A listening history is uploaded by its signed form, read as deployed, and receipted."""

import json
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from cli.local_stack.stack import LocalStack
from cli.studies.demonstration.people import People
from cli.studies.demonstration.run import Result
from tests.waiting import eventually
from topk.domain.imports.history_import import FINISHED, Status

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("end to end")]


def _spotify_history(at: int, *played_ms: int) -> bytes:
    """Records of Spotify's extended streaming history, a day apart."""
    records = [
        {
            "ts": datetime.fromtimestamp(at - days * 86_400, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "ms_played": ms,
            "master_metadata_track_name": "Brought Along",
            "master_metadata_album_artist_name": "Garage Four",
            "master_metadata_album_album_name": "Demo Tape",
            "spotify_track_uri": "spotify:track:fake0000000000000brought",
            "skipped": False,
        }
        for days, ms in enumerate(played_ms, start=1)
    ]
    return json.dumps(records).encode()


def test_an_uploaded_history_is_read_and_its_receipt_adds_up(
    week: Result, stack: LocalStack, people: People
) -> None:
    assert week.faults == {}
    person = people.everyone[len(people.everyone) // 2]
    begun = people.call(person, "POST", "/v1/me/imports", {"file_name": "history.json"})
    assert begun.status_code == 201
    form = begun.json()["upload"]
    fields = {one["name"]: one["value"] for one in form["fields"]}
    history = _spotify_history(week.midnights[-1], 200_000, 200_000, 5_000)
    posted = httpx2.post(
        form["url"], data=fields, files={"file": ("history.json", history)}, trust_env=False
    )
    assert posted.status_code in {200, 201, 204}, posted.text
    path = f"/v1/me/imports/{begun.json()['import_id']}"
    assert people.call(person, "POST", f"{path}/start").status_code == 202

    def finished() -> dict[str, Any] | None:
        shown: dict[str, Any] = people.call(person, "GET", path).json()
        return shown if shown["status"] in FINISHED else None

    done = eventually(finished, within=120)
    receipt = done["receipt"]
    assert done["status"] == Status.DONE
    assert (receipt["read"], receipt["new"], receipt["too_short"]) == (3, 2, 1), done
