"""The same seed and day give the same world, byte for byte, in any process."""

import subprocess
import sys

import pytest

_SHOW = """
import sys
import msgspec
from simulator.listeners.catalogue import build_catalogue
from simulator.listeners.listening import listen
from simulator.listeners.population import build_population

seed, start = int(sys.argv[1]), float(sys.argv[2])
songs = build_catalogue(seed, 300)
people = build_population(seed, 8)
plays = [listen(seed, one, songs, start) for one in people]
sys.stdout.buffer.write(msgspec.json.encode([songs, people, plays]))
"""


def shown(seed: int, start: float, hash_seed: str) -> bytes:
    return subprocess.run(
        [sys.executable, "-c", _SHOW, str(seed), str(start)],
        env={"PYTHONHASHSEED": hash_seed},
        capture_output=True,
        check=True,
    ).stdout


@pytest.fixture(scope="module")
def world() -> bytes:
    return shown(7, 1_790_000_000, "1")


def test_neither_the_process_nor_the_hour_changes_the_world(world: bytes) -> None:
    assert world == shown(7, 1_790_003_600, "2")


def test_another_seed_is_another_world(world: bytes) -> None:
    assert world != shown(8, 1_790_000_000, "1")
