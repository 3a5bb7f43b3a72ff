"""The public provider contract: its examples are the tested sample bodies."""

import json
import re
from pathlib import Path

import pytest

from tests.providers.scripted import sample
from topk.domain.limits import MOST_LISTENS
from topk.domain.signature import sign
from topk.providers.partner import adapter as partner

CONTRACT = (Path(__file__).parents[2] / "docs" / "provider-contract.md").read_text()
FENCED = re.findall(r"^```(\w*)\n(.*?)^```$", CONTRACT, re.DOTALL | re.MULTILINE)
EXAMPLES = [text for language, text in FENCED if language == "json"]
PLAIN = [text.strip() for language, text in FENCED if not language]


@pytest.mark.parametrize(
    "case",
    ["token.json", "listens.json", "listens_next.json", "delivery.json", "delivery_answer.json"],
)
def test_each_example_equals_the_sample_body(case: str) -> None:
    assert sample("partner", case).decode() in EXAMPLES


def test_the_example_configuration_is_accepted() -> None:
    declared = json.loads("{" + EXAMPLES[0] + "}")
    ours = json.loads((Path(__file__).parents[2] / "cdk.json").read_text())["context"]["providers"]

    assert declared["walkman"].keys() <= ours["partner"].keys()
    assert declared["walkman"]["endpoints"].keys() == ours["partner"]["endpoints"].keys()
    assert declared["walkman"]["credentials"] == ours["partner"]["credentials"]
    assert declared["walkman"]["options"] == ours["partner"]["options"]


def test_the_example_signature_matches_the_example_body() -> None:
    secret = re.search(r"`(fake-push-secret[^`]*)`", CONTRACT)
    body = next(text for text in PLAIN if text.startswith('{"listens"'))
    signature = next(text for text in PLAIN if text.startswith("x-topk-signature: t=1"))

    assert secret is not None
    assert signature.partition(": ")[2] == sign(body.encode(), secret[1], at=1_791_228_300)


def test_the_numbers_of_the_contract_are_those_of_the_code() -> None:
    assert f"at most {MOST_LISTENS:,};" in CONTRACT
    assert f"1 to {MOST_LISTENS:,} listens" in CONTRACT
    assert f"`per_page` is {partner.PAGE_SIZE}" in CONTRACT
    assert f"scope `{partner.SCOPE}`" in CONTRACT
