"""Names of tests are the same in each worker, else xdist refuses to run any."""

import io
import zipfile

import pytest


def _packed_at_collection() -> bytes:
    """An archive holds the time at which it was packed, to two seconds."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("history.json", "[]")
    return packed.getvalue()


@pytest.mark.parametrize("content", [_packed_at_collection()])
def test_bytes_are_named_by_their_argument(request: pytest.FixtureRequest, content: bytes) -> None:
    assert content.startswith(b"PK")
    assert request.node.name == "test_bytes_are_named_by_their_argument[content]"
