"""Fix: a table's stream is delivered with AWS's failure semantics.

Fault: the emulator's own poller ignores partial failures, retry limits and bisection, retries an
exception forever, never uses the failure destination, ignores the batching window, and runs all
mappings in one thread, so that one slow function delays the others.
"""

import time
from collections.abc import Sequence
from threading import Lock, Thread
from typing import Any

from simulator.emulator.splice import emulated, part
from simulator.emulator.stream_delivery import (
    FAILED,
    Policy,
    Record,
    Verdict,
    Windows,
    deliver,
    verdict,
)

Mapping = dict[str, Any]


def deliver_streams() -> None:
    """Replace the emulator's stream poller by one that delivers each mapping in its own thread."""
    emulated("services.lambda_svc").__dict__["_poll_dynamodb_streams"] = _Poller().poll


class _Poller:
    def __init__(self) -> None:
        self._lambda = emulated("services.lambda_svc")
        self._tables = emulated("services.dynamodb")
        self._scope = emulated("core.responses")
        self._busy: set[str] = set()
        self._windows = Windows(time.monotonic)
        self._lock = Lock()

    def poll(self) -> bool:
        """Start a delivery for each mapping with waiting records; True if there was one."""
        started = [self._start(*one) for one in part(self._lambda, "_iter_all_esms")()]
        return any(started)

    def _start(self, account: str, region: str, mapping: Mapping) -> bool:
        if ":dynamodb:" not in mapping.get("EventSourceArn", "") or mapping["UUID"] in self._busy:
            return False
        self._enter(account, region)
        source = self._source(mapping)
        if source is None:
            return False
        table, function = source
        position = self._position(table, mapping)
        size = mapping.get("BatchSize", 100)
        records = self._tables.stream_records_since(table, position, size)
        if not records:
            return False
        window = float(mapping.get("MaximumBatchingWindowInSeconds", 0))
        if self._windows.open(mapping["UUID"], seconds=window, full=len(records) >= size):
            return False
        with self._lock:
            self._busy.add(mapping["UUID"])
        arguments = (account, region, mapping, function, position, records)
        Thread(target=self._run, args=arguments, daemon=True).start()
        return True

    def _enter(self, account: str, region: str) -> None:
        self._scope.set_request_account_id(account)
        self._scope.set_request_region(region)

    def _source(self, mapping: Mapping) -> tuple[str, Any] | None:
        """The table's name and the function's record; None while either is missing or disabled."""
        find = part(self._lambda, "_get_func_record_for_qualifier")
        function, _ = find(mapping["FunctionName"], mapping.get("Qualifier"))
        name = mapping["EventSourceArn"].split("/stream/")[0].rsplit("/", 1)[-1]
        table = part(self._tables, "_tables").get(name)
        if not mapping.get("Enabled", True) or function is None or table is None:
            return None
        return (name, function) if table["LatestStreamArn"] == mapping["EventSourceArn"] else None

    def _position(self, table: str, mapping: Mapping) -> int:
        horizon: int = self._tables.stream_start_position(table)
        positions = part(self._lambda, "_dynamodb_stream_positions")
        if mapping["UUID"] not in positions:
            from_start = mapping.get("StartingPosition") == "TRIM_HORIZON"
            end = self._tables.stream_end_position(table)
            positions[mapping["UUID"]] = horizon if from_start else end
        return max(int(positions[mapping["UUID"]]), horizon)

    def _run(
        self,
        account: str,
        region: str,
        mapping: Mapping,
        function: Any,
        position: int,
        records: Sequence[Record],
    ) -> None:
        self._enter(account, region)
        try:
            filtered = part(self._lambda, "_apply_filter_criteria")(list(records), mapping)
            if self._deliver(mapping, function, filtered):
                positions = part(self._lambda, "_dynamodb_stream_positions")
                positions[mapping["UUID"]] = position + len(records)
        finally:
            with self._lock:
                self._busy.discard(mapping["UUID"])
            part(self._lambda, "_esm_wake").set()

    def _deliver(self, mapping: Mapping, function: Any, records: Sequence[Record]) -> bool:
        last: dict[str, Any] = {}
        partial = "ReportBatchItemFailures" in mapping.get("FunctionResponseTypes", [])
        send_failure = part(self._lambda, "_send_ddb_stream_failure_record")

        def invoke(batch: Sequence[Record]) -> Verdict:
            outcome = part(self._lambda, "_execute_function")(function, {"Records": list(batch)})
            last.update(outcome)
            if outcome.get("error") or outcome.get("throttle"):
                return FAILED
            numbers = [record["dynamodb"]["SequenceNumber"] for record in batch]
            return verdict(outcome.get("body") if partial else None, numbers)

        def discard(batch: Sequence[Record], condition: str) -> None:
            arn = mapping["EventSourceArn"]
            send_failure(mapping, function, batch, arn, last, condition)

        return deliver(
            records,
            _policy(mapping),
            invoke=invoke,
            discard=discard,
            now=time.monotonic,
            sleep=time.sleep,
            wanted=lambda: self._source(mapping) is not None and self._exists(mapping),
        )

    def _exists(self, mapping: Mapping) -> bool:
        return mapping["UUID"] in part(self._lambda, "_esms")


def _policy(mapping: Mapping) -> Policy:
    return Policy(
        retries=int(mapping.get("MaximumRetryAttempts", -1)),
        max_age=float(mapping.get("MaximumRecordAgeInSeconds", -1)),
        bisect=bool(mapping.get("BisectBatchOnFunctionError")),
    )
