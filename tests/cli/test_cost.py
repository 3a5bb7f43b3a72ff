"""`topk cost` on the command line, on a small world."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.main import app


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path, str]:
    out = tmp_path_factory.mktemp("out")
    arguments = ["cost", "--listeners", "6", "--days", "1", "--requests", "--out", str(out)]
    done = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return json.loads((out / "cost.json").read_text()), out, done.stdout


def test_every_request_is_metered_by_function_and_operation(
    ran: tuple[dict[str, Any], Path, str],
) -> None:
    found, _, shown = ran
    asked = {(one["function"], one["operation"], one["resource"]) for one in found["requests"]}
    assert ("crawl spotify", "UpdateItem", "connections") in asked
    assert ("aggregate", "PutItem", "top_lists") in asked
    assert ("dispatch", "SendMessageBatch", "spotify") in asked
    assert ("read profile", "BatchGetItem", "profiles") in asked
    assert "UpdateItem" in shown


def test_a_read_writes_nothing_but_the_order_of_a_feed(
    ran: tuple[dict[str, Any], Path, str],
) -> None:
    found, _, _ = ran
    written = [one for one in found["requests"] if one["function"].startswith("read")]
    assert {(one["function"], one["resource"]) for one in written if one["write"]} == {
        ("read feed", "top_lists")
    }
    assert {kind: cost["write"] for kind, cost in found["reads"].items() if cost["write"]} == {
        "first page of a feed on a day": 1
    }


def test_a_feed_of_two_hundred_followed_users_stays_within_its_units(
    ran: tuple[dict[str, Any], Path, str],
) -> None:
    found = ran[0]["reads_of_many_followed"]
    assert found["first page of a feed on a day"]["read"] <= 120
    assert found["further page of a feed"]["read"] <= 30
    assert found["batch of 20"]["read"] <= 40


def test_the_whole_bill_has_every_part(ran: tuple[dict[str, Any], Path, str]) -> None:
    found, _, shown = ran
    bills = found["whole"]
    total = sum(bills[part]["usd"] for part in ("ingest", "storage", "standing", "reads"))
    assert found["whole_usd_a_day"]["alone"] == pytest.approx(total, abs=0.05)
    assert found["whole_usd_a_day"]["batched"] < found["whole_usd_a_day"]["alone"]
    assert "reads: firewall" in shown
    for bill in bills.values():
        assert all(charge["usd"] >= 0 for charge in bill["charges"])


def test_a_crawl_writes_its_plays_and_its_checkpoint(
    ran: tuple[dict[str, Any], Path, str],
) -> None:
    by_provider = ran[0]["crawl"]["by_provider"]
    writes = {
        (one["function"], one["operation"], one["resource"]): one for one in ran[0]["requests"]
    }
    moved = writes["crawl spotify", "UpdateItem", "connections"]
    assert moved["write"] == moved["items"]
    assert by_provider["spotify"]["chunk"] >= 1


def test_a_list_and_a_read_cost_some_units_each(ran: tuple[dict[str, Any], Path, str]) -> None:
    read = ran[0]["read"]
    assert 2 <= ran[0]["aggregate"]["read_units"] <= 20
    assert 1 <= read["own"] < read["profile"] < read["feed"]


def test_pushed_plays_are_priced_with_the_gateway_beside_crawling_them(
    ran: tuple[dict[str, Any], Path, str],
) -> None:
    found, _, shown = ran
    one, many = found["push"]["one a call"], found["push"]["100 a call"]
    assert one["calls"] == 1
    assert 1 <= one["write"] <= 2, "the play, and once an hour the use of the token"
    assert many["calls"] == pytest.approx(0.01)
    assert many["write"] < 0.1
    assert one["lists"] <= 1
    assert many["list_read"] < one["list_read"]
    usd = found["usd_of_pushes"]
    million, a_day = usd["1,000,000, one a call"], usd["1,050,000,000, one a call"]
    assert a_day == pytest.approx(1050 * million, rel=0.01)
    assert usd["1,050,000,000, 100 a call"] < found["usd_a_day"]["on demand"] < a_day
    assert "gateway" in shown


def test_costs_and_charts_are_written(ran: tuple[dict[str, Any], Path, str]) -> None:
    found, out, shown = ran
    usd = found["usd_a_day"]
    assert 0 < usd["provisioned"] < usd["on demand"] < usd["naive"]
    assert "source" in shown
    assert (out / "cost" / "dollars.svg").exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--listeners", "1"], "--listeners"),
        (["--days", "0"], "--days"),
        (["--users", "9"], "--users"),
    ],
)
def test_invalid_input_gets_one_line(arguments: list[str], says: str) -> None:
    done = CliRunner().invoke(app, ["cost", *arguments])
    assert done.exit_code == 2
    [line] = done.stderr.splitlines()
    assert says in line
