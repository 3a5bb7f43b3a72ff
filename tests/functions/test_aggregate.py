"""aggregate: batches as the stream delivers them."""

import pytest

from tests.functions.conftest import Stage

DONE: dict[str, list[dict[str, str]]] = {"batchItemFailures": []}


@pytest.mark.parametrize("fixture", ["insert", "duplicate"])
def test_a_repeated_record_changes_nothing(stage: Stage, fixture: str) -> None:
    assert stage.play(f"aggregate/{fixture}") == DONE
    before = stage.changed
    assert stage.play(f"aggregate/{fixture}") == DONE
    assert stage.changed == before
    assert "harbor#anna 7d" in before["top_lists"]


@pytest.mark.parametrize(
    ("fixture", "failed", "written"),
    [
        ("partial_failure", "111000000000000000002", ["harbor#anna 7d", "harbor#ben 7d"]),
        ("malformed", "111000000000000000001", ["harbor#ben 7d"]),
    ],
)
def test_an_unreadable_record_is_reported_and_the_others_are_processed(
    stage: Stage, fixture: str, failed: str, written: list[str]
) -> None:
    assert stage.play(f"aggregate/{fixture}") == {"batchItemFailures": [{"itemIdentifier": failed}]}
    assert stage.changed == {"top_lists": written}
