"""Debian's mpd plays files, and its mpdscribble pushes what was played, both unmodified.

`make setup` unpacks the packages where there is apt. mpdscribble lives in the test's time, which
libfaketime reads from a file: songs take as long as the test says, and no time passes.
"""

import os
import shutil
import socket
import struct
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

from cli.local_stack.ports import free_ports
from tests.waiting import eventually

PLAYERS = Path(__file__).resolve().parents[2] / ".topk" / "players"
ARTIST, ALBUM = "The Lanterns", "Harbour Lights"
SONG_SECONDS = 40
_RATE = 8000
_PATIENCE_SECONDS = 30


def require_players() -> None:
    """Fails where Debian's players should be, and skips where no apt could unpack them."""
    if (PLAYERS / "usr" / "bin" / "mpdscribble").exists() or shutil.which("mpdscribble"):
        return
    missing = PLAYERS / "missing"
    reason = missing.read_text().strip() if missing.exists() else "make setup has not run"
    if shutil.which("apt-get"):
        pytest.fail(f"Debian's mpd and mpdscribble are missing: {reason}")
    pytest.skip(f"no mpd and mpdscribble: {reason}")


def write_song(path: Path, title: str) -> None:
    """A silent file with tags that lasts SONG_SECONDS."""
    tags = ((b"INAM", title), (b"IART", ARTIST), (b"IPRD", ALBUM))
    info = b"INFO" + b"".join(_chunk(name, text.encode() + b"\0") for name, text in tags)
    parts = (
        (b"fmt ", struct.pack("<HHIIHH", 1, 1, _RATE, _RATE, 1, 8)),
        (b"LIST", info),
        (b"data", b"\x80" * _RATE * SONG_SECONDS),
    )
    body = b"WAVE" + b"".join(_chunk(name, data) for name, data in parts)
    path.write_bytes(_chunk(b"RIFF", body))


def _chunk(name: bytes, data: bytes) -> bytes:
    return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


@dataclass
class Mpd:
    """mpd with a playlist of `titles`, and mpdscribble of `user`, which pushes to `url`.

    `now` is mpdscribble's clock (epoch seconds), which only `listen` moves.
    """

    folder: Path
    url: str
    user: str
    password: str
    titles: Sequence[str]
    now: int
    _port: int = field(default_factory=lambda: free_ports(1)[0])
    _processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    _playing: int = -1

    def __enter__(self) -> Self:
        music = self.folder / "music"
        music.mkdir()
        for number, title in enumerate(self.titles):
            write_song(music / f"{number}.wav", title)
        try:
            self._start("mpd", self._mpd_settings())
            eventually(self._answers, within=_PATIENCE_SECONDS)
            self._tell("update")
            eventually(self._knows_the_songs, within=_PATIENCE_SECONDS)
            for number in range(len(self.titles)):
                self._tell(f"add {number}.wav")
            self._set_clock()
            self._start("mpdscribble", self._mpdscribble_settings())
            eventually(lambda: "handshake successful" in self.log, within=_PATIENCE_SECONDS)
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()

    @property
    def log(self) -> str:
        """What mpdscribble wrote."""
        return (self.folder / "mpdscribble.log").read_text(encoding="utf-8")

    def listen(self, seconds: int) -> None:
        """Play the next song for so long."""
        self._playing += 1
        self._tell("play" if not self._playing else "next")
        shown = f"new song detected ({ARTIST} - {self.titles[self._playing]})"
        eventually(lambda: shown in self.log, within=_PATIENCE_SECONDS)
        self.now += seconds
        self._set_clock()

    def stop_playing(self) -> None:
        self._tell("stop")

    def _start(self, name: str, settings: Sequence[str]) -> None:
        (self.folder / f"{name}.conf").write_text("\n".join(settings), encoding="utf-8")
        own = PLAYERS / "usr" / "bin" / name
        command = [str(own) if own.exists() else name, "--no-daemon"]
        command += ["--conf"] if name == "mpdscribble" else []
        with (self.folder / f"{name}.log").open("wb") as log:
            self._processes.append(
                subprocess.Popen(
                    [*command, str(self.folder / f"{name}.conf")],
                    stdout=log,
                    stderr=log,
                    env=self._environment(faked=name == "mpdscribble"),
                )
            )

    def _environment(self, *, faked: bool) -> dict[str, str]:
        faketime = _faketime()
        libraries = {str(one.parent) for one in (PLAYERS / "usr" / "lib").rglob("*.so*")}
        given = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "TZ": "UTC",
            "LD_LIBRARY_PATH": ":".join(sorted({*libraries, str(faketime.parent)})),
        }
        if faked:
            given |= {
                # By its name alone: a space in a path ends the path here.
                "LD_PRELOAD": faketime.name,
                "FAKETIME_TIMESTAMP_FILE": str(self.folder / "clock"),
                "FAKETIME_NO_CACHE": "1",
            }
        return given

    def _mpd_settings(self) -> list[str]:
        return [
            f'music_directory "{self.folder / "music"}"',
            f'db_file "{self.folder / "database"}"',
            'bind_to_address "127.0.0.1"',
            f'port "{self._port}"',
            "audio_output {",
            'type "null"',
            'name "silence"',
            "}",
        ]

    def _mpdscribble_settings(self) -> list[str]:
        return [
            "host = 127.0.0.1",
            f"port = {self._port}",
            "log = -",
            "verbose = 2",
            "[service]",
            f"url = {self.url}",
            f"username = {self.user}",
            f"password = {self.password}",
            f"journal = {self.folder / 'journal'}",
        ]

    def _set_clock(self) -> None:
        shown = datetime.fromtimestamp(self.now, UTC).strftime("@%Y-%m-%d %H:%M:%S\n")
        (self.folder / "clock.next").write_text(shown)
        (self.folder / "clock.next").replace(self.folder / "clock")

    def _knows_the_songs(self) -> bool:
        return len(self._tell("listall")) == len(self.titles)

    def _answers(self) -> bool:
        try:
            return self._tell("ping") == []
        except OSError:
            return False

    def _tell(self, command: str) -> list[str]:
        """The lines of mpd's answer to a command."""
        with (
            socket.create_connection(("127.0.0.1", self._port), _PATIENCE_SECONDS) as connection,
            connection.makefile("rw", encoding="utf-8") as stream,
        ):
            assert stream.readline().startswith("OK MPD")
            stream.write(f"{command}\n")
            stream.flush()
            lines = []
            while (line := stream.readline().rstrip("\n")) != "OK":
                assert line, "mpd closed the connection"
                assert not line.startswith("ACK"), line
                lines.append(line)
            return lines

    def _stop(self) -> None:
        for process in reversed(self._processes):
            process.terminate()
            process.wait(_PATIENCE_SECONDS)


def _faketime() -> Path:
    name = "*/faketime/libfaketimeMT.so.1"
    folders = (PLAYERS / "usr" / "lib", Path("/usr/lib"))
    return next(one for folder in folders for one in sorted(folder.glob(name)))
