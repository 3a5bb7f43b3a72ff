"""Every process tells that it began, and is settled once it has been at work."""

import gc

import pytest

from topk.runtime import invocation
from topk.runtime.invocation import begin_invocation


def test_the_first_invocation_is_counted_and_with_the_second_the_process_is_settled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done: list[str] = []
    monkeypatch.setattr(invocation, "count", lambda counts: done.extend(counts))
    monkeypatch.setattr(gc, "freeze", lambda: done.append("freeze"))
    invocation._firsts.cache_clear()
    for step in (["ColdStart"], ["ColdStart", "freeze"], ["ColdStart", "freeze"]):
        begin_invocation()
        assert done == step
