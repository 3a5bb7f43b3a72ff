"""Something in every place of a stack that keeps data, and whether it is still there."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from botocore.exceptions import ClientError

from cli.studies.rehearsal.stage import Stage

TEXT = "kept"
VALUE = '{"client_id": "fake-client", "client_secret": "fake-secret"}'


@dataclass(frozen=True, slots=True)
class Kept:
    """What was put somewhere, and whether it can be read; reading raises ClientError or KeyError
    if the place is gone."""

    what: str
    read: Callable[[], bool]


def put(stage: Stage, stack: str) -> list[Kept]:
    """Put an item into every table of `stack`, an object into every bucket, a value into every
    secret, and seal a text with every key. Queues of dead letters are only looked for.
    """
    return [
        *_items(stage.client("dynamodb", stack), stage.names("AWS::DynamoDB::Table", stack)),
        *_objects(stage.client("s3", stack), stage.names("AWS::S3::Bucket", stack)),
        *_queues(stage.client("sqs", stack), stage.names("AWS::SQS::Queue", stack)),
        *_values(
            stage.client("secretsmanager", stack), stage.names("AWS::SecretsManager::Secret", stack)
        ),
        *_sealed(stage.client("kms", stack), stage.names("AWS::KMS::Key", stack)),
    ]


def lost(data: Sequence[Kept]) -> list[str]:
    """What of `data` cannot be read any more."""
    return [one.what for one in data if not _is_there(one)]


def _is_there(one: Kept) -> bool:
    try:
        return one.read()
    except (ClientError, KeyError):
        return False


def _items(client: Any, tables: dict[str, str]) -> Iterator[Kept]:
    def read(table: str, key: dict[str, Any]) -> bool:
        return bool(client.get_item(TableName=table, Key=key)["Item"])

    for name, table in tables.items():
        schema = client.describe_table(TableName=table)["Table"]["KeySchema"]
        key = {one["AttributeName"]: {"S": TEXT} for one in schema}
        client.put_item(TableName=table, Item=key)
        yield Kept(f"item of {name}", partial(read, table, key))


def _objects(client: Any, buckets: dict[str, str]) -> Iterator[Kept]:
    def read(bucket: str) -> bool:
        return bool(client.head_object(Bucket=bucket, Key=TEXT))

    for name, bucket in buckets.items():
        client.put_object(Bucket=bucket, Key=TEXT, Body=TEXT.encode())
        yield Kept(f"object of {name}", partial(read, bucket))


def _queues(client: Any, queues: dict[str, str]) -> Iterator[Kept]:
    """Queues of dead letters. They accept nothing without TLS, which the emulator does not speak,
    so that only the queue itself is looked for."""

    def read(queue: str) -> bool:
        return queue in client.list_queues(QueueNamePrefix=queue.rpartition("/")[2])["QueueUrls"]

    for name, queue in queues.items():
        if "DeadLetters" in name:
            yield Kept(f"queue {name}", partial(read, queue))


def _values(client: Any, secrets: dict[str, str]) -> Iterator[Kept]:
    def read(secret: str) -> bool:
        return bool(client.get_secret_value(SecretId=secret)["SecretString"] == VALUE)

    for name, secret in secrets.items():
        client.put_secret_value(SecretId=secret, SecretString=VALUE)
        yield Kept(f"value of {name}", partial(read, secret))


def _sealed(client: Any, keys: dict[str, str]) -> Iterator[Kept]:
    def read(key: str, sealed: bytes) -> bool:
        opened = client.decrypt(KeyId=key, CiphertextBlob=sealed)["Plaintext"]
        return bool(opened == TEXT.encode())

    for name, key in keys.items():
        sealed = client.encrypt(KeyId=key, Plaintext=TEXT.encode())["CiphertextBlob"]
        yield Kept(f"text sealed by {name}", partial(read, key, sealed))
