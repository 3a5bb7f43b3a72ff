"""The stand-in and the environment of the measured process."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from topk.domain.crawl.timetable import Grid
from topk.runtime.settings import STREAM

REGION = "us-east-1"
TENANT = "harbor"
TENANTS = Path(__file__).parents[2] / "sandbox" / "tenants.json"
GRID = Grid(slot_minutes=1, shards=1)
_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Spent:
    """What was consumed: units of DynamoDB, and messages that queues ever took."""

    read_units: float
    write_units: float
    by_table: Mapping[str, float]
    """Write units by table."""
    sent: int


@dataclass(frozen=True, slots=True)
class World:
    url: str

    def reset(self) -> None:
        """Removes all tables."""
        self._post("/control/reset", {})

    def spent(self) -> Spent:
        """The consumption since the last call."""
        told = self._post("/control/spent", {})
        by_table: dict[str, float] = {}
        for row in told["consumed"]:
            by_table[row["table"]] = by_table.get(row["table"], 0) + row["write_units"]
        reads = sum(row["read_units"] for row in told["consumed"])
        return Spent(reads, sum(by_table.values()), by_table, told["sent"])

    def move(self, now: int, accounts: Iterable[str] = ()) -> None:
        """Sets the provider's clock to `now`, and prepares the pages of `accounts`."""
        self._post("/control/now", {"now": now, "accounts": list(accounts)})

    @contextmanager
    def latency(self) -> Iterator[None]:
        """While active, every AWS call takes as long as on AWS."""
        self._post("/control/latency", {"on": True})
        try:
            yield
        finally:
            self._post("/control/latency", {"on": False})

    def queue(self, provider: str) -> str:
        return f"{self.url}/000000000000/topk-{provider}"

    def _post(self, path: str, body: Any) -> Any:
        connection = HTTPConnection(urlsplit(self.url).netloc, timeout=_SECONDS)
        try:
            connection.request("POST", path, json.dumps(body))
            return json.loads(connection.getresponse().read())
        finally:
            connection.close()


def environment(url: str) -> dict[str, str]:
    """The functions' environment, with AWS and the provider at `url`."""
    world = World(url)
    queues = {name: world.queue(name) for name in ("spotify", "partner")}
    endless = {"requests_per_second": 1_000_000, "requests_per_crawl": 2}
    providers = {
        "spotify": {"endpoints": {"accounts": url, "api": url}},
        "partner": {"endpoints": {"accounts": url, "api": url}, "options": {"protocol": "partner"}},
    }
    return {
        "AWS_ACCESS_KEY_ID": "fake-key-id",
        "AWS_SECRET_ACCESS_KEY": "fake-secret-key",
        "AWS_SESSION_TOKEN": "fake-session-token" * 20,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ENDPOINT_URL": url,
        "AWS_EC2_METADATA_DISABLED": "true",
        "TOKEN_KEY_ID": "fake-key",
        "APP_SECRETS": "apps/",
        "SCROBBLER_SECRET": "fake-secret",
        "QUEUE_URLS": json.dumps(queues),
        "DEAD_LETTER_URLS": json.dumps({**queues, STREAM: world.queue(STREAM)}),
        "PROVIDERS": json.dumps(
            {name: {"secret": name, "budget": endless, **of} for name, of in providers.items()}
        ),
        "TENANTS_FILE": str(TENANTS),
        "PUBLIC_URL": "https://{domain}",
        "IMPORT_QUEUE_URL": world.queue("imports"),
        "IMPORT_BUCKET": "uploads",
        "RETENTION_DAYS": "35",
        "VIEW_CRAWL_HOURS": "20",
        "MAX_ATTEMPTS": "5",
        "TIMETABLE": json.dumps({"shards": GRID.shards, "slot_minutes": GRID.slot_minutes}),
        "POWERTOOLS_SERVICE_NAME": "bench",
        "POWERTOOLS_METRICS_NAMESPACE": "TopK",
        "POWERTOOLS_LOG_LEVEL": "INFO",
    }
