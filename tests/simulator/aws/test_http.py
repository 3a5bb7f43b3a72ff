"""The account over HTTP serves botocore's own clients."""

import asyncio
from collections.abc import Callable, Iterator
from functools import partial
from threading import Thread
from typing import Any

import pytest
from aiohttp import web
from botocore.exceptions import ClientError
from botocore.session import Session

from simulator.aws.account import Aws
from simulator.aws.http import answer


@pytest.fixture
def client() -> Iterator[Callable[[str], Any]]:
    """Makes the client of a service of an account that is served."""
    aws, loop = Aws(lambda: 0.0), asyncio.new_event_loop()
    aws.sqs.create("work")
    application = web.Application()
    application.add_routes([web.post("/", partial(answer, aws))])
    runner = web.AppRunner(application)
    loop.run_until_complete(runner.setup())
    site = web.TCPSite(runner, "127.0.0.1", 0)
    loop.run_until_complete(site.start())
    [(_, port)] = [address[:2] for address in runner.addresses]
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    yield partial(
        Session().create_client,
        region_name="us-east-1",
        endpoint_url=f"http://127.0.0.1:{port}",
        aws_access_key_id="fake-key-id",
        aws_secret_access_key="fake-secret-key",
    )
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.run_until_complete(runner.cleanup())
    loop.close()


def test_items_queues_and_keys_travel_as_json(client: Callable[[str], Any]) -> None:
    dynamodb = client("dynamodb")
    schema = [{"AttributeName": "owner", "KeyType": "HASH"}]
    attributes = [{"AttributeName": "owner", "AttributeType": "S"}]
    dynamodb.create_table(TableName="t", KeySchema=schema, AttributeDefinitions=attributes)
    key = {"owner": {"S": "anna"}}
    item = {**key, "body": {"B": b"\x00\xff"}, "parts": {"BS": [b"\x01"]}}
    dynamodb.put_item(TableName="t", Item=item)
    assert dynamodb.get_item(TableName="t", Key=key)["Item"] == item
    with pytest.raises(dynamodb.exceptions.ConditionalCheckFailedException):
        dynamodb.put_item(
            TableName="t", Item=item, ConditionExpression="attribute_not_exists (owner)"
        )
    entries = [{"Id": "1", "MessageBody": "hello"}]
    sent = client("sqs").send_message_batch(QueueUrl="http://sqs/1/work", Entries=entries)
    assert len(sent["Successful"]) == 1
    made = client("kms").generate_data_key(KeyId="k", KeySpec="AES_256")
    opened = client("kms").decrypt(KeyId="k", CiphertextBlob=made["CiphertextBlob"])
    assert opened["Plaintext"] == made["Plaintext"]


def test_an_operation_that_is_not_simulated_is_reported(client: Callable[[str], Any]) -> None:
    with pytest.raises(ClientError, match="NotSimulated"):
        client("dynamodb").describe_limits()
