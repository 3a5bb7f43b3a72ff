"""No secret of anybody stands anywhere, whatever has gone well or wrong before.

Everybody has connected and was crawled for a week; then one failure of each kind is forced. All
codes, tokens, verifiers, secrets and keys that were issued meanwhile are then looked for in every
log, table, queue, dead letter, metric, setting, template and answer of the API.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import httpx2
import pytest

from cli.local_stack.declared import declared
from cli.local_stack.stack import LocalStack
from cli.studies.demonstration.people import People
from cli.studies.demonstration.run import Result
from infra_cdk import outputs
from infra_cdk.functions.layers import ROOT
from tests.e2e.canaries import Canaries, of_deployment, of_sessions, of_world
from tests.e2e.failures import Failures
from tests.e2e.leftovers import await_crawls, forget_crawls
from tests.e2e.places import Places, everything, plant, uproot
from tests.waiting import eventually

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("end to end")]

KINDS = (
    "code",
    "access",
    "refresh",
    "verifier",
    "client_secret",
    "shared_secret",
    "push_secret",
    "private_key",
    "basic",
    "session",
)
PLACES = ("log", "table", "queue", "bucket", "metric", "function", "template", "answer")
FIGURES = ROOT / "out" / "canaries.json"
QUEUE, TABLE = outputs.dead_letters("spotify"), outputs.table("Handshakes")


@dataclass(frozen=True, slots=True)
class Search:
    canaries: Canaries
    places: Places

    def hits(self) -> set[tuple[str, str]]:
        """(kind of secret, place) wherever one is seen."""
        texts = {place: "\n".join(found) for place, found in self.places.items()}
        return {
            (kind, place)
            for kind, secrets in self.canaries.items()
            for secret in secrets
            for place, text in texts.items()
            if secret in text
        }


@pytest.fixture(scope="module")
def search(week: Result, stack: LocalStack) -> Iterator[Search]:
    assert week.faults == {}
    with httpx2.Client(timeout=30, trust_env=False) as http:
        people = People(stack, http)
        other, *_, person = (one for one in people.everyone if "spotify" in one.accounts)
        failures = Failures(stack, people, http, person, other)
        failures.force()
        with failures.queues_held():
            failures.connect_again()
            places = everything(stack)
        buried = stack.outputs[QUEUE].rpartition("/")[2]
        places.setdefault(f"queue {buried}", []).extend(failures.letters)
        eventually(failures.crawled_anew, within=60)
        forget_crawls(stack)
        await_crawls(stack)
        places["answer of the API"] = [_told(one) for one in failures.answers]
        yield Search(_canaries(stack, people), places)


def test_no_secret_is_seen_anywhere(search: Search) -> None:
    assert search.hits() == set()


def test_the_search_is_for_secrets_of_every_kind_and_in_every_kind_of_place(
    search: Search,
) -> None:
    looked_for = {kind: len(found) for kind, found in search.canaries.items()}
    assert set(looked_for) == set(KINDS)
    assert all(looked_for.values()), looked_for
    looked_at = Counter[str]()
    for place, texts in search.places.items():
        looked_at[place.split()[0]] += len(texts)
    assert set(looked_at) == set(PLACES)
    figures = {"secrets": looked_for, "texts": dict(looked_at), "hits": len(search.hits())}
    FIGURES.parent.mkdir(exist_ok=True)
    FIGURES.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


def test_every_function_and_every_table_in_use_was_searched(
    search: Search, stack: LocalStack
) -> None:
    logged = " ".join(place for place in search.places if place.startswith("log "))
    for function in ("connect", "dispatch", "crawl", "ingest", "aggregate", "read", "account"):
        assert f"/Logs{outputs.pascal(function)}" in logged, function
    for table in ("Connections", "Timetable", "Plays", "TopLists", "Profiles", "DataKeys"):
        assert search.places[f"table {outputs.table(table)}"], table
    waiting = stack.outputs[outputs.queue("spotify")].rpartition("/")[2]
    assert any("connect" in one for one in search.places[f"queue {waiting}"])
    buried = stack.outputs[QUEUE].rpartition("/")[2]
    for failure in ("canary-garbage", "canary-500", "canary-moved"):
        assert any(failure in one for one in search.places[f"queue {buried}"]), failure


@pytest.mark.parametrize("kind", ["access", "client_secret"])
def test_the_search_finds_what_was_put_there(search: Search, stack: LocalStack, kind: str) -> None:
    canary = f"simulated-{min(search.canaries[kind])}-and-more"
    plant(stack, canary, QUEUE, TABLE)
    try:
        places = everything(stack)
    finally:
        uproot(stack, QUEUE, TABLE)
    buried = stack.outputs[QUEUE].rpartition("/")[2]
    assert Search(search.canaries, places).hits() >= {
        (kind, "log planted"),
        (kind, f"table {TABLE}"),
        (kind, f"queue {buried}"),
        (kind, "metric planted"),
    }


def _canaries(stack: LocalStack, people: People) -> Canaries:
    return {
        **of_world(people.world("GET", "secrets")),
        **of_deployment(stack, list(declared().providers)),
        **of_sessions([people.token(one) for one in people.everyone]),
    }


def _told(answer: httpx2.Response) -> str:
    headers: Sequence[tuple[str, str]] = list(answer.headers.items())
    return f"{answer.status_code} {headers} {answer.text}"
