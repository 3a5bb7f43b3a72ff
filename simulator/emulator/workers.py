"""Mends of how functions start and how many processes run them."""

import hashlib
import os
import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from threading import Condition, Lock, Thread
from types import SimpleNamespace
from typing import Any

from simulator.emulator.splice import Part, around, around_resource, emulated, part


def share_unpacked_layers(scratch: Path) -> None:
    """Fault: every worker process unpacks its own copy of its layers, and compiles it again.

    One copy per content, linked into each worker's folder; the first import leaves its bytecode
    there for the rest.
    """
    unpacking = Lock()

    def unpacked(archive: Path) -> Path:
        shared = scratch / hashlib.sha256(archive.read_bytes()).hexdigest()
        with unpacking:
            if not shared.exists():
                draft = Path(tempfile.mkdtemp(dir=scratch))
                shutil.unpack_archive(archive, draft, "zip")
                draft.rename(shared)
        return shared

    class Linked(zipfile.ZipFile):
        def extractall(self, path: Any = None, *_: Any, **__: Any) -> None:
            for entry in unpacked(Path(str(self.filename))).iterdir():
                (Path(path) / entry.name).symlink_to(entry)

    # LargeFileError is the emulator's misspelling, found only when an archive is bad.
    errors = {"BadZipFile": zipfile.BadZipFile, "LargeFileError": zipfile.LargeZipFile}
    runtime = emulated("core.lambda_runtime")
    runtime.__dict__["zipfile"] = SimpleNamespace(ZipFile=Linked, **errors)


def bound_workers(per_function: int) -> None:
    """Fault: each concurrent call beyond the idle workers starts another process. A burst then
    spends the machine's few cores on starting workers instead of answering.

    At the bound a call waits for a worker. No function here calls itself, so none can wait for its
    own caller.
    """
    released = Condition()

    def acquire(original: Part, *args: Any, **kwargs: Any) -> Any:
        with released:
            while True:
                worker, reason = original(*args, **{**kwargs, "max_concurrency": per_function})
                if worker is not None:
                    return worker, reason
                released.wait()

    def release(original: Part, worker: Any) -> None:
        with released:
            original(worker)
            released.notify_all()

    functions = emulated("services.lambda_svc")
    around(functions, "acquire_worker", acquire)
    around(functions, "release_worker", release)


def warm_functions() -> None:
    """Fault: the first call of a function pays for its start, as with no SnapStart or provisioned
    concurrency. A worker of each is started while the deployment goes on."""
    functions = emulated("services.lambda_svc")

    def start(record: Mapping[str, Any]) -> None:
        config = record["config"]
        worker, _ = functions.acquire_worker(
            config["FunctionName"], config, record["code_zip"], qualifier="$LATEST"
        )
        try:
            functions.ensure_spawned(worker)
        except RuntimeError as error:
            functions.logger.warning("%s did not start: %s", config["FunctionName"], error)
        finally:
            functions.release_worker(worker)

    def create(original: Part, logical_id: str, props: Mapping[str, Any], stack: str) -> Any:
        name, attributes = original(logical_id, props, stack)
        record = part(functions, "_functions").get(name)
        if record and record.get("code_zip"):
            Thread(target=start, args=(record,), daemon=True).start()
        return name, attributes

    around_resource("AWS::Lambda::Function", "create", create)


def stop_workers() -> None:
    """End every worker process and remove its folder."""
    emulated("core.lambda_runtime").reset()


def cores() -> int:
    return os.cpu_count() or 1
