"""A small deployment in memory, on which event fixtures run without any service.

Tables, queues, keys and secrets are moto's.
"""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import boto3
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from moto import mock_aws

from cli.sandbox.people import GRID, history, move_in
from cli.sandbox.providers import transport
from cli.sandbox.snapshot import Snapshot, messages, objects, rows
from functions.account.wiring import accounts
from functions.aggregate.wiring import aggregating
from functions.announce.wiring import announcing
from functions.archive.wiring import archiving
from functions.card.wiring import drawing
from functions.connect.wiring import connecting
from functions.crawl.wiring import crawling
from functions.dispatch.wiring import dispatching
from functions.erase.wiring import erasing
from functions.export.wiring import exporting
from functions.imports.wiring import importing
from functions.ingest.wiring import ingesting
from functions.privacy.wiring import guarding
from functions.purge.wiring import purging
from functions.read.wiring import reading
from functions.scrobble.wiring import scrobbling
from topk.domain.owner import Owner
from topk.providers.http.transport import Transport
from topk.stores.dynamodb.models import MODELS, TenantModel, bind
from topk.stores.imports.uploads import FOLDER
from topk.stores.s3.exports import folder
from topk.stores.tables.tenants import CURRENT, issuer_claim

REGION = "us-east-1"
EXPORTS, ARCHIVE, UPLOADS = "topk-exports", "topk-archive", "topk-uploads"
BUS = "topk-sandbox-harbor"
EVENTS = "topk-events"
"""The queue that receives the events of the bus."""
BUCKETS = (EXPORTS, ARCHIVE, UPLOADS)
TENANTS = Path(__file__).with_name("tenants.json")
_DECLARED = ("issuer", "audience", "return_urls", "web_origins", "follows")
PROVIDERS = ("spotify", "apple_music", "youtube", "partner")
_KEPT = (
    accounts,
    aggregating,
    announcing,
    archiving,
    connecting,
    crawling,
    dispatching,
    drawing,
    erasing,
    exporting,
    guarding,
    importing,
    ingesting,
    purging,
    reading,
    scrobbling,
)


@contextmanager
def sandbox(*, follows: str = "") -> Iterator[None]:
    """While active, the functions' environment points at the sandbox.

    `follows` replaces harbor's rule of following.
    """
    with deployed(environment, transport):
        fill(follows)
        yield


def fill(follows: str = "") -> None:
    """Tenants, people, and a history that one of them has uploaded."""
    add_tenants(follows)
    move_in(crawling().ports.vault)
    upload(Owner("harbor", "anna"), "fakeimport1")


@contextmanager
def deployed(
    environment: Callable[[], Mapping[str, str]], http: Callable[..., Transport]
) -> Iterator[None]:
    """While active, there are empty tables in moto and the resources that `environment` creates.

    The functions' environment points at them; `http` opens the transport to providers.
    """
    keys = {"AWS_ACCESS_KEY_ID": "fake-key-id", "AWS_SECRET_ACCESS_KEY": "fake-secret-key"}
    with ExitStack() as stack:
        stack.enter_context(patch.dict("os.environ", {**keys, "AWS_REGION": REGION}))
        stack.enter_context(mock_aws())
        stack.enter_context(patch.dict("os.environ", environment()))
        stack.enter_context(patch.object(Transport, "open", http))
        stack.callback(forget)
        make_tables()
        yield


def make_tables() -> None:
    """Creates the empty tables that the environment names, and clears the functions' caches."""
    forget()
    bind({kind: kind for kind in MODELS}, region=REGION)
    for model in MODELS.values():
        model.create_table(billing_mode="PAY_PER_REQUEST", wait=False)


def upload(owner: Owner, import_id: str) -> None:
    """Writes a history where the owner's browser posts it."""
    key = f"{folder(owner, FOLDER)}{import_id}"
    _client("s3").put_object(Bucket=UPLOADS, Key=key, Body=history())


def look() -> Snapshot:
    """A snapshot of the sandbox's tables and queues."""
    found = {kind: rows(_client("dynamodb"), kind) for kind in MODELS}
    sqs = _client("sqs")
    for variable in ("QUEUE_URLS", "DEAD_LETTER_URLS"):
        for url in json.loads(os.environ[variable]).values():
            found[f"queue {url.rpartition('/')[2]}"] = messages(sqs, url)
    found["queue topk-erasures"] = messages(sqs, os.environ["ERASURE_QUEUE_URL"])
    found["queue topk-imports"] = messages(sqs, os.environ["IMPORT_QUEUE_URL"])
    found["queue topk-purges"] = messages(sqs, os.environ["PURGE_QUEUE_URL"])
    found[f"queue {EVENTS}"] = messages(sqs, sqs.get_queue_url(QueueName=EVENTS)["QueueUrl"])
    s3 = _client("s3")
    found |= {f"bucket {bucket}": objects(s3, bucket) for bucket in BUCKETS}
    return found


def forget() -> None:
    """Clears what functions cache for the life of their process."""
    for looped in (connecting, crawling, erasing):
        if looped.cache_info().currsize:
            looped().runner.close()
    for kept in _KEPT:
        kept.cache_clear()


def environment(
    names: Iterable[str] = PROVIDERS, providers: Mapping[str, Mapping[str, Any]] | None = None
) -> dict[str, str]:
    """Creates queues, a key and secrets, and returns the functions' environment.

    `providers` has the format of `topk.runtime.settings`; by default those of the sandbox.
    """
    sqs = _client("sqs")
    key = _client("kms").create_key()["KeyMetadata"]["KeyId"]
    queues = {name: sqs.create_queue(QueueName=f"topk-{name}")["QueueUrl"] for name in names}
    dead = {name: sqs.create_queue(QueueName=f"topk-{name}-dead")["QueueUrl"] for name in names}
    dead["stream"] = sqs.create_queue(QueueName="topk-stream-dead")["QueueUrl"]
    for bucket in BUCKETS:
        _client("s3").create_bucket(Bucket=bucket)
    make_bus(sqs)
    given = providers or {name: _provider(name) for name in names}
    return {
        **{f"{kind.upper()}_TABLE": kind for kind in MODELS},
        "STAGE": "sandbox",
        "TOKEN_KEY_ID": key,
        "ERASURE_QUEUE_URL": sqs.create_queue(QueueName="topk-erasures")["QueueUrl"],
        "ERASURE_SWEEP_SECONDS": "5400",
        "APP_SECRETS": "apps/",
        "SCROBBLER_SECRET": _scrobbler_secret(),
        "PURGE_QUEUE_URL": sqs.create_queue(QueueName="topk-purges")["QueueUrl"],
        "IMPORT_QUEUE_URL": sqs.create_queue(QueueName="topk-imports")["QueueUrl"],
        "EXPORT_BUCKET": EXPORTS,
        "IMPORT_BUCKET": UPLOADS,
        "ARCHIVE_BUCKET": ARCHIVE,
        "QUEUE_URLS": json.dumps(queues),
        "DEAD_LETTER_URLS": json.dumps(dead),
        "PROVIDERS": json.dumps(given),
        "PUBLIC_URL": "https://{domain}",
        "TIMETABLE": json.dumps({"shards": GRID.shards, "slot_minutes": GRID.slot_minutes}),
        "RETENTION_DAYS": "35",
        "VIEW_CRAWL_HOURS": "20",
        "MAX_ATTEMPTS": "5",
        "POWERTOOLS_SERVICE_NAME": "sandbox",
        "POWERTOOLS_METRICS_NAMESPACE": "TopK",
        "POWERTOOLS_LOG_LEVEL": "INFO",
    }


def add_tenants(follows: str = "") -> None:
    """Adds the tenants of tenants.json; `follows` replaces harbor's rule of following."""
    for name, given in json.loads(TENANTS.read_text(encoding="utf-8")).items():
        served = {"name": name, **given}
        if follows and name == "harbor":
            served["follows"] = follows
        declared = {field: served[field] for field in _DECLARED}
        TenantModel(
            name,
            CURRENT,
            served=json.dumps(served),
            declared=json.dumps(declared),
            status="active",
            version=1,
        ).save()
        TenantModel(issuer_claim(given["issuer"]), CURRENT, served=name).save()


def make_bus(sqs: Any) -> None:
    """Creates the event bus of a tenant, and a queue that receives all its events."""
    url = sqs.create_queue(QueueName=EVENTS)["QueueUrl"]
    told = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
    events = _client("events")
    events.create_event_bus(Name=BUS)
    pattern = json.dumps({"source": ["topk"]})
    events.put_rule(Name="all", EventBusName=BUS, EventPattern=pattern)
    events.put_targets(
        Rule="all", EventBusName=BUS, Targets=[{"Id": "all", "Arn": told["QueueArn"]}]
    )


def _provider(name: str) -> dict[str, Any]:
    options = {"protocol": "partner"} if name == "partner" else {}
    hosts = ("accounts", "api") if name == "partner" else ()
    endpoints = {host: f"https://{host}.partner.example" for host in hosts}
    return {"secret": secret(name, _credentials(name)), "options": options, "endpoints": endpoints}


def _credentials(provider: str) -> dict[str, str]:
    credentials = {"client_id": "fake-client-id", "client_secret": "fake-client-secret"}
    if provider == "apple_music":
        private = ec.generate_private_key(ec.SECP256R1()).private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        )
        credentials = {"team_id": "FAKETEAM", "key_id": "FAKEKEY", "private_key": private.decode()}
    if provider == "partner":
        credentials["push_secret"] = "fake-push-secret-of-32-characters"  # noqa: S105 - a fake
    return credentials


def secret(name: str, credentials: Mapping[str, str]) -> str:
    """Creates a secret with `credentials`, and returns its ARN."""
    made = _client("secretsmanager").create_secret(Name=name, SecretString=json.dumps(credentials))
    return str(made["ARN"])


def _scrobbler_secret() -> str:
    made = _client("secretsmanager").create_secret(
        Name="scrobbler", SecretString="fake-scrobbler-secret"
    )
    return str(made["ARN"])


def _client(service: str) -> Any:
    """A cached client, since creating one takes longer than all calls made here."""
    return _client_at(service, os.environ.get("AWS_ENDPOINT_URL"))


@lru_cache
def _client_at(service: str, endpoint: str | None) -> Any:
    return boto3.client(service, region_name=REGION, endpoint_url=endpoint)  # type: ignore[call-overload]
