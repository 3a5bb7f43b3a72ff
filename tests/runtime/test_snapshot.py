"""Hooks around a snapshot: what is made before it, and what no two restored processes share."""

import importlib
import json
import os
import random
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
import snapshot_restore_py

from infra_cdk.functions.declarations import SPECS
from tests.runtime.environments import SHARED
from tests.synthesis import ROOT
from topk.runtime import invocation
from topk.runtime.snapshot import prepare
from topk.stores.dynamodb import connection_pool

BEHIND_API = sorted(name for name, spec in SPECS.items() if spec.behind_api)


@pytest.fixture
def hooks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot_restore_py, "_before_snapshot_registry", [])
    monkeypatch.setattr(snapshot_restore_py, "_after_restore_registry", [])


def _run(registered: list[Any]) -> None:
    for act, arguments, named in registered:
        act(*arguments, **named)


@pytest.mark.parametrize("name", BEHIND_API)
def test_a_function_behind_the_api_makes_its_dependencies_before_the_snapshot(name: str) -> None:
    """In its own process, because hooks are registered when a handler is imported."""
    code = (
        "import json, snapshot_restore_py as hooks, socket\n"
        f"from functions.{name} import handler, wiring\n"
        "opened = []\n"
        "connect = socket.socket.connect\n"
        "socket.socket.connect = lambda s, at: opened.append(at) or connect(s, at)\n"
        "for act, given, named in hooks.get_before_snapshot(): act(*given, **named)\n"
        "made = [one for one in vars(wiring).values() if hasattr(one, 'cache_info')"
        " and one.__module__ == wiring.__name__]\n"
        "print(json.dumps([sum(one.cache_info().currsize for one in made), len(opened)]))\n"
    )
    needs = importlib.import_module(f"functions.{name}.wiring").NEEDS
    environment = {
        "PATH": os.defpath,
        "AWS_ACCESS_KEY_ID": "fake-key-id",
        "AWS_SECRET_ACCESS_KEY": "fake-secret-key",
        **dict.fromkeys(needs, "{}"),
        "ERASURE_SWEEP_SECONDS": "5400",
        **SHARED,
    }
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    assert json.loads(done.stdout.splitlines()[-1]) == [1, 0]


def test_restored_processes_draw_different_random_numbers(hooks: None) -> None:
    prepare(lambda: None)
    snapshot = random.getstate()
    drawn = set()
    for _ in range(5):
        random.setstate(snapshot)
        _run(snapshot_restore_py.get_after_restore())
        drawn.add(random.random())
    assert len(drawn) == 5


def test_a_restored_process_closes_the_connections_of_the_snapshot(hooks: None) -> None:
    class _Connection:
        closed = False

        def close(self) -> None:
            self.closed = True

    prepare(lambda: None)
    pool = connection_pool.KeptConnections("http://127.0.0.1:1")
    connection: Any = _Connection()
    pool._keep(connection)
    _run(snapshot_restore_py.get_after_restore())
    assert connection.closed
    assert pool._usable() is None


def test_a_restored_process_counts_a_cold_start(
    hooks: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[Callable[[], None] | str] = []
    monkeypatch.setattr(invocation, "count", lambda counts: counted.extend(counts))
    prepare(lambda: None)
    for _ in range(2):
        _run(snapshot_restore_py.get_after_restore())
        invocation.begin_invocation()
    assert counted == ["ColdStart", "ColdStart"]


def test_late_imports_are_loaded_before_the_snapshot() -> None:
    module = importlib.import_module("functions.connect.handler")
    given = [args for act, args, _ in snapshot_restore_py.get_before_snapshot() if args]
    of_connect = [args for args in given if args[0] is module.connecting]
    assert of_connect == [
        (
            module.connecting,
            ("kms",),
            ("topk.stores.tables.vault", "topk.providers.http.http_client"),
        )
    ]
