"""The names that the command line and the end-to-end test look up."""

import pytest

from infra_cdk import outputs
from infra_cdk.functions.declarations import SPECS
from tests.infra.templates import STAGES, stateful, stateless
from tests.schemas import table_schemas
from tests.synthesis import Target

PROVIDERS = ("spotify", "apple_music", "youtube", "lastfm", "listenbrainz", "partner")


@pytest.mark.parametrize("target", ["local", "aws"])
def test_every_expected_output_exists_once(target: Target) -> None:
    promised = [
        outputs.TOKEN_KEY,
        outputs.STREAM_DEAD_LETTERS,
        outputs.SCHEDULE_DEAD_LETTERS,
        outputs.PURGE_QUEUE,
        outputs.PURGE_DEAD_LETTERS,
        outputs.ERASURE_QUEUE,
        outputs.ERASURE_DEAD_LETTERS,
        outputs.SCHEDULE_RULE,
        outputs.ALARM_TOPIC,
        outputs.ARCHIVE_BUCKET,
        outputs.EXPORT_BUCKET,
        outputs.IMPORT_BUCKET,
        outputs.IMPORT_QUEUE,
        outputs.IMPORT_DEAD_LETTERS,
        outputs.event_bus("harbor"),
        *map(outputs.table, table_schemas()),
        *map(outputs.function, SPECS),
        *(name(one) for one in PROVIDERS for name in (outputs.queue, outputs.dead_letters)),
        *map(outputs.secret, PROVIDERS),
        *map(outputs.secret_name, PROVIDERS),
        outputs.API,
        outputs.API_URL,
    ]
    given = [*stateful(target)["Outputs"], *stateless(target)["Outputs"]]
    ours = [name for name in given if not name.startswith("PublishOutput")]
    assert sorted(ours) == sorted(promised)


def test_stacks_are_named_by_their_stage() -> None:
    assert outputs.stateful_stack(STAGES["aws"]) == "TopK-Production-Stateful"
    assert outputs.stateless_stack(STAGES["local"]) == "TopK-Local-Stateless"


@pytest.mark.parametrize(
    ("name", "pascal"), [("apple_music", "AppleMusic"), ("spotify", "Spotify"), ("a_b_c", "ABC")]
)
def test_names_are_written_in_pascal_case(name: str, pascal: str) -> None:
    assert outputs.pascal(name) == pascal


def test_table_variables_of_functions_are_in_snake_case() -> None:
    assert outputs.snake("TopLists") == "top_lists"
    assert outputs.snake("Plays") == "plays"
