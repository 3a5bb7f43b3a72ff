"""dispatch: a tick of the schedule queues what is due."""

import pytest

from tests.functions.conftest import Stage
from topk.domain.errors import MalformedMessageError


def test_a_missed_day_is_caught_up_and_a_repeated_tick_adds_nothing(stage: Stage) -> None:
    stage.play("dispatch/tick")
    # Nine connections, each once within the following day, whatever the tick at noon queued.
    late = stage.play("dispatch/tick_after_a_silent_day")
    assert late["dispatched"] == 9
    assert late["behind"] > 0
    assert stage.play("dispatch/tick_after_a_silent_day") == {"dispatched": 0, "behind": 0}


def test_a_tick_without_a_time_fails_and_moves_no_watermark(stage: Stage) -> None:
    with pytest.raises(MalformedMessageError):
        stage.play("dispatch/tick_malformed")
    assert stage.changed == {}
