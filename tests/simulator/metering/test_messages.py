import pytest

from simulator.metering.messages import CHUNK_BYTES, requests


def batch(*sizes: int) -> dict[str, object]:
    return {"Entries": [{"Id": str(n), "MessageBody": "x" * size} for n, size in enumerate(sizes)]}


@pytest.mark.parametrize(
    ("sizes", "charged"),
    [((200,) * 10, 1), ((CHUNK_BYTES,), 1), ((CHUNK_BYTES + 1,), 2), ((40_000,) * 4, 3)],
)
def test_a_batch_is_one_payload_charged_by_64_kilobytes(
    sizes: tuple[int, ...], charged: int
) -> None:
    assert requests("SendMessageBatch", batch(*sizes)) == charged


def test_attributes_belong_to_the_payload() -> None:
    attributes = {"reason": {"DataType": "String", "StringValue": "y" * CHUNK_BYTES}}
    assert requests("SendMessage", {"MessageBody": "x", "MessageAttributes": attributes}) == 2


@pytest.mark.parametrize("operation", ["ReceiveMessage", "DeleteMessageBatch"])
def test_any_other_call_is_one_request(operation: str) -> None:
    assert requests(operation, {"QueueUrl": "q"}) == 1
