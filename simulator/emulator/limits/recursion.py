"""Fix: Lambda stops chains of invocations that go through SQS.

Fault: a function that sends to its own queue is invoked forever.

AWS counts how often a function ran in a chain of requests, in the trace header, which AWS SDKs send
with every call from a function and SQS keeps with the message. After about 16 invocations the next
is dropped, and its message moved to the queue's dead-letter queue, unless the function's
RecursiveLoop is Allow. Chains through DynamoDB, EventBridge and HTTP are not counted.
https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
https://aws.amazon.com/about-aws/whats-new/2023/07/aws-lambda-detects-recursive-loops-lambda-functions/
"""

import json
import secrets
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

from simulator.clock import wall_clock
from simulator.emulator.splice import Part, around, emulated, part

INVOCATIONS = 16
HEADER, ATTRIBUTE = "x-amzn-trace-id", "AWSTraceHeader"


@dataclass(frozen=True, slots=True)
class Trace:
    """A trace header. `lineage` counts the invocations of each function of the chain.

    Format: https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
    """

    root: str
    lineage: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def parse(cls, header: str) -> "Trace":
        """The trace of `header`; an empty one if it has none or is malformed."""
        members = dict(one.split("=", 1) for one in header.split(";") if "=" in one)
        counts = (one.rpartition(":") for one in members.get("Lineage", "").split("|"))
        lineage = {name: int(count) for name, _, count in counts if name and count.isdecimal()}
        return cls(members.get("Root", ""), lineage)

    def into(self, function: str) -> "Trace":
        """The trace within the next invocation of `function`."""
        key = lineage_key(function)
        return Trace(self.root, {**self.lineage, key: self.lineage.get(key, 0) + 1})

    def invocations(self, function: str) -> int:
        return self.lineage.get(lineage_key(function), 0)

    def __str__(self) -> str:
        lineage = "|".join(f"{name}:{count}" for name, count in self.lineage.items())
        return f"Root={self.root};Parent={secrets.token_hex(8)};Sampled=0;Lineage={lineage}"


def lineage_key(function: str) -> str:
    return f"{crc32(function.encode()):08x}"


def longest(headers: Sequence[str], function: str) -> Trace:
    """Of a batch's messages, the trace with the most invocations of `function`."""
    traces = [Trace.parse(header) for header in headers if header]
    fresh = Trace(f"1-{int(wall_clock()):08x}-{secrets.token_hex(12)}")
    return max(traces, key=lambda one: one.invocations(function), default=fresh)


def stop_recursion() -> None:
    _trace_messages()
    _trace_invocations()
    _drop_long_chains()


def _trace_messages() -> None:
    """A message keeps the trace header of the request that sent it."""
    queues = emulated("services.sqs")
    sent_with: ContextVar[str] = ContextVar("sent_with", default="")

    async def handle(
        original: Part, method: str, path: str, headers: Mapping[str, str], *args: Any
    ) -> Any:
        sent_with.set(headers.get(HEADER, ""))
        return await original(method, path, headers, *args)

    def attributes(original: Part, *args: Any) -> Any:
        made = original(*args)
        if header := sent_with.get():
            made.setdefault(ATTRIBUTE, header)
        return made

    around(queues, "handle_request", handle)
    around(queues, "_build_send_sys_attrs", attributes)


def _trace_invocations() -> None:
    """A function's process gets its trace in `_X_AMZN_TRACE_ID`."""
    functions = emulated("services.lambda_svc")
    running: ContextVar[str] = ContextVar("running", default="")

    def execute(original: Part, function: Any, event: Any) -> Any:
        name = (function.get("config") or function)["FunctionName"]
        running.set(str(longest(_headers(event), name).into(name)))
        return original(function, event)

    def trace(_original: Part, *_: Any) -> str:
        return running.get()

    around(functions, "_execute_function", execute)
    around(functions, "_xray_trace_id_for_invocation", trace)


def _drop_long_chains() -> None:
    functions = emulated("services.lambda_svc")

    def run(
        original: Part, esm: Any, function: Any, event: Any, batch: Any, url: str, *rest: Any
    ) -> None:
        name = esm["FunctionName"]
        record = part(functions, "_functions").get(name) or {}
        dropped = [] if record.get("recursive_loop") == "Allow" else too_long(event, name)
        if dropped:
            _bury(url, [one for one in batch if one["id"] in dropped])
            _count(name, len(dropped))
            batch = [one for one in batch if one["id"] not in dropped]
            kept = [one for one in event["Records"] if one["messageId"] not in dropped]
            event = {**event, "Records": kept}
        if event["Records"]:
            original(esm, function, event, batch, url, *rest)

    around(functions, "_run_sqs_batch", run)


def too_long(event: Any, function: str) -> list[str]:
    """The ids of messages whose chain invoked `function` as often as AWS allows."""
    return [
        one["messageId"]
        for one in event["Records"]
        if Trace.parse(_header(one)).invocations(function) >= INVOCATIONS
    ]


def _headers(event: Any) -> list[str]:
    records = event.get("Records", []) if isinstance(event, Mapping) else []
    return [_header(one) for one in records if isinstance(one, Mapping)]


def _header(record: Mapping[str, Any]) -> str:
    return str((record.get("attributes") or {}).get(ATTRIBUTE, ""))


def _bury(url: str, messages: Sequence[dict[str, Any]]) -> None:
    queues = emulated("services.sqs")
    with part(queues, "_queues_lock"):
        queue = part(queues, "_queues")[url]
        policy = json.loads(queue["attributes"].get("RedrivePolicy") or "{}")
        letters = part(queues, "_queue_by_arn")(policy.get("deadLetterTargetArn", ""))
        gone = {one["id"] for one in messages}
        queue["messages"] = [one for one in queue["messages"] if one["id"] not in gone]
        if letters:
            at_once = {"receipt_handle": None, "visible_at": wall_clock()}
            letters["messages"] += [{**one, **at_once} for one in messages]


def _count(function: str, dropped: int) -> None:
    record = emulated("services.cloudwatch").record_metric
    of_function = {"FunctionName": function}
    record("AWS/Lambda", "RecursiveInvocationsDropped", float(dropped), "Count", of_function)
