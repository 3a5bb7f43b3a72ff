"""The clock file: absent, frozen, running, shared."""

from pathlib import Path

from simulator.clock import Clock


class Wall:
    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def test_without_a_file_the_world_runs_on_wall_time(tmp_path: Path) -> None:
    clock = Clock(tmp_path / "clock.json", wall=Wall(50.0))
    assert clock.now() == 50.0
    assert clock.running


def test_a_frozen_clock_stands_still_while_the_wall_moves_on(tmp_path: Path) -> None:
    wall = Wall(1000.0)
    clock = Clock(tmp_path / "clock.json", wall=wall)
    clock.set(5.0, running=False)
    wall.now += 60
    assert clock.now() == 5.0
    assert not clock.running


def test_a_running_clock_advances_with_the_wall(tmp_path: Path) -> None:
    wall = Wall(1000.0)
    clock = Clock(tmp_path / "clock.json", wall=wall)
    clock.set(5.0, running=True)
    wall.now += 60
    assert clock.now() == 65.0
    assert clock.running


def test_another_reader_sees_every_setting_at_once(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "clock.json"
    writer, reader = Clock(path, wall=Wall(0.0)), Clock(path, wall=Wall(0.0))
    for now in (10.0, 20.0, 30.0):
        writer.set(now, running=False)
        assert reader.now() == now
