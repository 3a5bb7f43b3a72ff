"""Fixes of how functions start, and of the number of their processes."""

import os
from collections.abc import Mapping
from threading import Condition, Thread
from typing import Any

from simulator.emulator.splice import Part, around, around_resource, emulated, part


def bound_workers(per_function: int) -> None:
    """Fault: each concurrent call beyond the idle workers starts another process. In a burst
    the machine's few cores then start workers instead of answering.

    At the limit a call waits for a worker. No function calls itself, so none can wait for its own
    caller.
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
    """Fault: the first call of a function waits for its start, as without SnapStart.

    The fix starts one worker of each function during the deployment.
    """
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
