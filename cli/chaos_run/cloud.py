"""AWS in memory: tables with a stream, queues, keys, and what brings all of it to the functions."""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cli.chaos_run.buses import Event, EventBridge
from cli.chaos_run.course import Course
from cli.chaos_run.deployed import ERASURES, dead, table_keys
from cli.chaos_run.dynamodb import DynamoDb
from cli.chaos_run.expressions import Item
from cli.chaos_run.keys import Kms, SecretsManager
from cli.chaos_run.lambdas import Lambdas
from cli.chaos_run.objects import S3
from cli.chaos_run.queues import Queue, Sqs
from cli.chaos_run.sources import QueueSource
from cli.chaos_run.streams import Shard
from cli.chaos_run.tables import Key, Table, Written
from cli.chaos_run.trace import Trace
from cli.chaos_run.weather import Weather
from cli.chaos_run.wire import Wire
from topk.domain.owner import Owner

SHARDS = 2
RECEIVES_BEYOND_ATTEMPTS = 3
"""As infra_cdk/pipelines/crawling.py has it."""
TELLING = ((30.0, 35.0), 1_000_000, 1800)
"""As infra_cdk/pipelines/announcing.py has it: batches of 30 seconds, retried for a day, longer
than any bus is unavailable. How often Lambda retries within that day is not documented."""
ERASURE_RECEIVES, ERASURE_VISIBILITY_SECONDS = 100, 1800
"""As infra_cdk/pipelines/erasing.py has it."""


@dataclass(frozen=True, slots=True)
class Telling:
    """How tenants are told of lists: `buses` by tenant. `told` hears of each event.

    With a weather of its own, whatever is told leaves alone what befalls everything else.
    """

    buses: Mapping[str, str]
    weather: Weather
    told: Callable[[Event], None]


class Cloud:
    """`watch` is told of every write to a table."""

    def __init__(
        self,
        course: Course,
        weather: Weather,
        trace: Trace,
        *,
        secrets: Mapping[str, Mapping[str, str]],
        max_attempts: int,
        watch: Written,
        telling: Telling,
    ) -> None:
        wire = Wire(course, weather, trace)
        self._course, self._weather, self._telling = course, weather, telling
        self._watch = watch
        self.logs = io.StringIO()
        self.tables = {
            kind: Table(kind, keys, lambda: course.now, self._written)
            for kind, keys in table_keys().items()
        }
        self.queues: dict[str, Queue] = {}
        for name in secrets:
            buried = self.queues[dead(name)] = Queue(dead(name))
            receives = max_attempts + RECEIVES_BEYOND_ATTEMPTS
            self.queues[name] = Queue(name, buried, receives)
        self.queues[dead(ERASURES)] = Queue(dead(ERASURES))
        self.queues[ERASURES] = Queue(ERASURES, self.queues[dead(ERASURES)], ERASURE_RECEIVES)
        self.sqs = Sqs(wire, self.queues)
        self.buses = EventBridge(Wire(course, telling.weather, trace), telling.told)
        self._clients = {
            "dynamodb": DynamoDb(wire, self.tables),
            "sqs": self.sqs,
            "events": self.buses,
            "kms": Kms(wire),
            "s3": S3(wire),
            "secretsmanager": SecretsManager(wire, secrets),
        }
        self.shards: list[Shard] = []
        """Of the plays, and after them those of the lists."""

    def client(self, service: str) -> Any:
        return self._clients[service]

    def connect(self, lambdas: Lambdas) -> None:
        """From here on queues and stream are fed to `lambdas`."""
        course, weather = self._course, self._weather
        for name, queue in self.queues.items():
            if name == ERASURES:
                QueueSource(queue, course, weather, lambdas, "erase", 1, ERASURE_VISIBILITY_SECONDS)
            elif queue.dead:
                QueueSource(queue, course, weather, lambdas)
        self.shards += [Shard(course, weather, lambdas) for _ in range(SHARDS)]
        self.shards += [
            Shard(course, self._telling.weather, lambdas, "announce", *TELLING)
            for _ in range(SHARDS)
        ]

    def _written(self, table: str, key: Key, before: Item | None, after: Item | None) -> None:
        self._watch(table, key, before, after)
        if not after or not self.shards:
            return
        if table == "plays" and not before:
            self._shard(key).put(self._keys(table, after))
        elif table == "top_lists" and Owner.parse(key[0]).tenant in self._telling.buses:
            self._shard(key, SHARDS).put(self._keys(table, after))

    def _shard(self, key: Key, first: int = 0) -> Shard:
        return self.shards[first + sum(key[0].encode()) % SHARDS]

    def _keys(self, table: str, item: Item) -> dict[str, Any]:
        return {name: item[name] for name in self.tables[table].keys}
