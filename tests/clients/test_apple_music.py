"""node-musickit-api against the simulated Apple Music."""

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from simulator.listeners.visible import recent_songs
from simulator.providers.apps import SigningKey
from simulator.providers.grants import Consent
from simulator.world import World
from tests.clients.client import Client, node_flow
from tests.clients.conftest import START, Flow

TEAM, KEY_ID = "FAKETEAM01", "FAKEKEY001"


@pytest.fixture
def apple(flow: Flow) -> Client:
    return flow(node_flow("apple_music_flow"))


@pytest.fixture
def account(world: World) -> str:
    return max(world.accounts("apple_music"), key=lambda one: len(listed(world, one)))


@pytest.fixture
def credentials(world: World, account: str) -> dict[str, str]:
    """A key that signs developer tokens, and the token of a user that agreed."""
    key = ec.generate_private_key(ec.SECP256R1())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    world.apps["apple_music"].register_key(SigningKey(TEAM, KEY_ID, public.decode()))
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return {
        "key": private.decode(),
        "keyId": KEY_ID,
        "teamId": TEAM,
        "userToken": world.grants["apple_music"].issue_refresh(Consent(TEAM, account, "music")),
    }


def listed(world: World, account: str) -> list[int]:
    return recent_songs(world.plays_of("apple_music", account), START, world.habits, account)


def test_the_list_is_read_page_by_page(
    apple: Client, world: World, account: str, credentials: dict[str, str]
) -> None:
    songs = listed(world, account)
    pages = apple("history", credentials=credentials, limit=30, types="songs")

    assert len(songs) > 30
    assert [entry["id"] for page in pages for entry in page["data"]] == [
        world.songs[song].apple_id for song in songs
    ]
    assert pages[0]["next"] == "/v1/me/recent/played/tracks?offset=30&types=songs"


def test_the_list_is_sixty_deep(
    apple: Client, world: World, account: str, credentials: dict[str, str]
) -> None:
    pages = apple("history", credentials=credentials, limit=30, types="songs,library-songs")
    assert sum(len(page["data"]) for page in pages) == 60


def refusal(answer: Any) -> Any:
    error = answer["refused"]["body"]["errors"][0]
    return {name: error.get(name) for name in ("status", "code", "title", "source")}


def test_refusals_have_apples_codes(apple: Client, credentials: dict[str, str]) -> None:
    too_long = apple("page", credentials=credentials, limit=31, offset=0)
    stranger = apple("page", credentials=credentials | {"userToken": "fake"}, limit=5, offset=0)
    forged = apple("page", credentials=credentials | {"teamId": "FAKETEAM02"}, limit=5, offset=0)

    assert refusal(too_long) == {
        "status": "400",
        "code": "40005",
        "title": "Invalid Parameter Value",
        "source": {"parameter": "limit"},
    }
    assert refusal(stranger) == {
        "status": "403",
        "code": "40300",
        "title": "Forbidden",
        "source": None,
    }
    assert refusal(forged)["status"] == "401"
