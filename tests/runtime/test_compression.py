"""Compressed responses."""

import base64
import gzip
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.http import parse_accept_header

from topk.runtime.api import Answer, wire
from topk.runtime.compression import SMALLEST, accepts_gzip

LONG = {"songs": ["Harbour Lights"] * SMALLEST}


@pytest.mark.parametrize(
    ("given", "accepted"),
    [
        ("gzip, deflate, br", True),
        ("br;q=1.0, GZIP;q=0.8", True),
        ("*", True),
        ("gzip;q=0", False),
        ("gzip; q=0.0", False),
        ("br", False),
        ("", False),
    ],
)
def test_what_a_caller_accepts(given: str, accepted: bool) -> None:
    assert accepts_gzip(given) is accepted


_CODINGS = st.sampled_from(["gzip", "GZip", "br", "deflate", "identity", "*"])
_QUALITIES = st.sampled_from(["", ";q=0", "; q=0.000", ";q=0.5", ";q=1"])


@given(st.lists(st.tuples(_CODINGS, _QUALITIES), unique_by=lambda one: one[0].lower()))
def test_werkzeug_reads_the_same(parts: list[tuple[str, str]]) -> None:
    given = ", ".join(coding + quality for coding, quality in parts)
    read = dict(parse_accept_header(given.lower()))
    assert accepts_gzip(given) is (read.get("gzip", read.get("*", 0)) > 0)


def test_a_long_response_is_compressed_and_says_so() -> None:
    made = wire(Answer(body=LONG, headers={"etag": '"a"'}), {"vary": "origin"}, gzip=True)
    assert made["isBase64Encoded"]
    assert json.loads(gzip.decompress(base64.b64decode(made["body"]))) == LONG
    assert made["headers"]["content-encoding"] == "gzip"
    assert made["headers"]["vary"] == "origin, accept-encoding"
    assert made["headers"]["etag"] == 'W/"a"', "the tag is of the text, not of these bytes"


@pytest.mark.parametrize(
    ("body", "accepts"), [(LONG, False), ({"songs": []}, True), (b"\x89PNG", True)]
)
def test_other_responses_are_not(body: Any, accepts: bool) -> None:
    made = wire(Answer(body=body), gzip=accepts)
    assert "content-encoding" not in made["headers"]
