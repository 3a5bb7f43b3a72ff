"""What emulators share of unpacked archives, though each may come and go at any moment."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulator.emulator.layers import UNUSED_SECONDS, forget_unused


def test_what_was_not_used_for_a_week_is_removed(tmp_path: Path) -> None:
    for name, age in (("old", UNUSED_SECONDS + 60), ("used", 0)):
        (tmp_path / name).mkdir()
        moment = (tmp_path / name).stat().st_mtime - age
        os.utime(tmp_path / name, (moment, moment))
    forget_unused(tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == ["used"]


def test_what_another_emulator_removes_meanwhile_is_no_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "stays").mkdir()

    def listed(self: Path) -> Iterator[Path]:
        yield self / "gone"
        yield self / "stays"

    monkeypatch.setattr(Path, "iterdir", listed)
    forget_unused(tmp_path)
    assert (tmp_path / "stays").exists()
