"""`topk sam` compares outcomes of a function, and reads the deployed configuration."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.commands.run.sam import Way, by_docker
from cli.failure import CommandFailedError
from cli.studies.sam.assembly import read
from cli.studies.sam.bench import as_if_real
from cli.studies.sam.docker import bridge, engine
from cli.studies.sam.outcome import as_in_process, differences, failed, outcome
from cli.studies.sam.runtime import visible

_values = st.recursive(
    st.none() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(_values)
def test_equal_values_have_no_differences(value: Any) -> None:
    assert differences(value, value, value) == []


@given(_values, _values)
def test_values_that_two_runs_share_are_required_of_the_third(value: Any, found: Any) -> None:
    # True and 1 compare as equal, as in Python.
    assert (differences(value, value, found) == []) == (value == found)


def test_values_that_differ_between_two_runs_may_be_anything() -> None:
    one = {"body": {"state": "a", "title": "Paper Boats"}, "status": 200}
    other = {"body": {"state": "b", "title": "Paper Boats"}, "status": 200}
    found = {"body": {"state": "c", "title": "Paper Boats"}, "status": 200}
    assert differences(one, other, found) == []


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ({"status": 500, "songs": [1]}, ".status: 500 instead of 200"),
        ({"status": 200}, ".songs is missing"),
        ({"status": 200, "songs": [1, 2]}, ".songs: 2 instead of 1"),
        ({"status": 200, "songs": [1], "token": "x"}, ".token is more than there should be"),
    ],
)
def test_differences_are_named(found: Any, said: str) -> None:
    agreed = {"status": 200, "songs": [1]}
    assert differences(agreed, agreed, found) == [said]


def test_an_outcome_counts_rows_whose_keys_are_random() -> None:
    before = {"plays": {"anna 1": {"body": "x"}}}
    after = {"plays": {"anna 1": {"body": "x"}, "anna 2": {"body": "y"}}}
    found = outcome({"statusCode": 200, "body": '{"k": 1}'}, before, after)
    assert found["answer"]["body"] == {"k": 1}
    assert found["counts"] == {"added in plays": 1}


def test_an_exception_is_the_same_in_process_and_in_the_runtime() -> None:
    document = {
        "errorType": "topk.domain.errors.StoreError",
        "errorMessage": "away",
        "requestId": "",
    }
    assert outcome(document, {}, {})["answer"] == failed("StoreError")


def test_only_the_exception_of_a_failed_function_is_compared() -> None:
    raised = {"answer": failed("StoreError"), "counts": {"new in Plays": 1}, "changed": {}}
    assert as_in_process(raised) == {"answer": failed("StoreError")}


def test_a_function_may_return_nothing() -> None:
    done = {"answer": None, "counts": {"gone in Plays": 1}, "changed": {}}
    assert as_in_process(done) == done


def test_a_response_contains_the_providers_real_addresses() -> None:
    origins = {"https://api.example": "http://127.0.0.1:50001", "https://b.example": "http://h:2"}
    headers = {
        "location": "http://127.0.0.1:50001/v1?x=1",
        "policy": ["script-src http://h:2 'self'"],
    }
    assert as_if_real(headers, origins) == {
        "location": "https://api.example/v1?x=1",
        "policy": ["script-src https://b.example 'self'"],
    }


def test_the_template_gives_a_functions_configuration(tmp_path: Path) -> None:
    template = tmp_path / "X.template.json"
    template.write_text(json.dumps({"Resources": _resources()}), encoding="utf-8")
    found = read(template).functions
    assert set(found) == {"read"}
    staged = found["read"]
    assert (staged.logical_id, staged.seconds) == ("FunctionRead", 10)
    assert staged.code == tmp_path / "asset.code"
    assert staged.layers == (tmp_path / "asset.core", tmp_path / "asset.data")


def test_a_function_sees_only_its_deployed_environment(tmp_path: Path) -> None:
    template = tmp_path / "X.template.json"
    template.write_text(json.dumps({"Resources": _resources()}), encoding="utf-8")
    given_ = {"PLAYS_TABLE": "plays", "DATA_KEYS_TABLE": "data_keys", "AWS_REGION": "us-east-1"}
    seen = visible(read(template).functions["read"], given_)
    assert seen == {"PLAYS_TABLE": "plays", "AWS_REGION": "us-east-1"}


@pytest.fixture
def docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Puts a command called docker first on PATH that runs the given shell script."""
    monkeypatch.setenv("PATH", str(tmp_path))

    def install(script: str) -> None:
        command = tmp_path / "docker"
        command.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        command.chmod(0o755)

    return install


@pytest.mark.usefixtures("docker")
def test_without_docker_no_engine_is_found() -> None:
    assert not engine()
    with pytest.raises(CommandFailedError, match="Docker is not available; --way runtime"):
        by_docker(Way.DOCKER)
    assert not by_docker(Way.AUTO)


def test_an_engine_is_found_if_docker_reaches_it(docker: Callable[[str], None]) -> None:
    docker("exit 1")
    assert not by_docker(Way.AUTO)
    docker('[ "$1" = info ] || echo 172.30.0.1')
    assert by_docker(Way.AUTO)
    assert not by_docker(Way.RUNTIME)
    assert bridge() == "172.30.0.1"


def _resources() -> dict[str, Any]:
    def layer(name: str) -> dict[str, Any]:
        return {
            "Type": "AWS::Lambda::LayerVersion",
            "Metadata": {"aws:asset:path": f"asset.{name}"},
        }

    return {
        "LayersCore": layer("core"),
        "LayersData": layer("data"),
        "FunctionRead": {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "Handler": "functions.read.handler.lambda_handler",
                "Layers": [{"Ref": "LayersCore"}, {"Ref": "LayersData"}],
                "Environment": {"Variables": {"PLAYS_TABLE": {"Ref": "Plays"}}},
                "Timeout": 10,
            },
            "Metadata": {"aws:asset:path": "asset.code"},
        },
        "LogRetention": {"Type": "AWS::Lambda::Function", "Properties": {"Handler": "index.run"}},
    }
