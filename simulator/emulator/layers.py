"""Fix: how layers are unpacked for the functions' processes."""

import hashlib
import shutil
import tempfile
import zipfile
from contextlib import suppress
from pathlib import Path
from threading import Lock
from types import SimpleNamespace
from typing import Any

from simulator.emulator.splice import emulated

UNUSED_SECONDS = 7 * 24 * 3600


def share_unpacked_archives(cache: Path) -> None:
    """Fault: every worker process unpacks and compiles its own copy of its code and layers.

    The fix keeps one copy per content in `cache`, shared by emulators and later runs, and links it
    into each worker's folder. Bytecode of the first import is reused as well.
    """
    unpacking = Lock()

    class Linked(zipfile.ZipFile):
        def extractall(self, path: Any = None, *_: Any, **__: Any) -> None:
            with unpacking:
                shared = unpacked(Path(str(self.filename)), cache)
            for entry in shared.iterdir():
                (Path(path) / entry.name).symlink_to(entry)

    # LargeFileError is the emulator's misspelling, found only when an archive is bad.
    errors = {"BadZipFile": zipfile.BadZipFile, "LargeFileError": zipfile.LargeZipFile}
    runtime = emulated("core.lambda_runtime")
    runtime.__dict__["zipfile"] = SimpleNamespace(ZipFile=Linked, **errors)


def unpacked(archive: Path, cache: Path) -> Path:
    """The folder in `cache` that holds the content of `archive`."""
    shared = cache / hashlib.sha256(archive.read_bytes()).hexdigest()
    if not shared.exists():
        draft = Path(tempfile.mkdtemp(dir=cache))
        shutil.unpack_archive(archive, draft, "zip")
        try:
            draft.rename(shared)
        except OSError:  # Another emulator was first.
            shutil.rmtree(draft)
    shared.touch()
    return shared


def forget_unused(cache: Path) -> None:
    """Remove copies that no worker used in the week before the last change of `cache`.

    Each change of our code adds a copy. The machine's clock is not used, since it may be set to
    another date than the file system's. Other emulators may rename or remove folders meanwhile.
    """
    changed = cache.stat().st_mtime
    for folder in cache.iterdir():
        with suppress(FileNotFoundError):
            if folder.stat().st_mtime < changed - UNUSED_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)
