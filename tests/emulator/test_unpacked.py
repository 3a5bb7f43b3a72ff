"""Emulators share unpacked archives and may start and stop at any time."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulator.emulator.layers import UNUSED_SECONDS, forget_unused


def test_archives_unused_for_a_week_are_removed(tmp_path: Path) -> None:
    for name, age in (("old", UNUSED_SECONDS + 60), ("used", 0)):
        (tmp_path / name).mkdir()
        moment = (tmp_path / name).stat().st_mtime - age
        os.utime(tmp_path / name, (moment, moment))
    forget_unused(tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == ["used"]


def test_removal_by_another_emulator_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "stays").mkdir()

    def listed(self: Path) -> Iterator[Path]:
        yield self / "gone"
        yield self / "stays"

    monkeypatch.setattr(Path, "iterdir", listed)
    forget_unused(tmp_path)
    assert (tmp_path / "stays").exists()
