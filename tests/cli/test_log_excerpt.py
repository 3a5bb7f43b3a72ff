"""Log excerpts: the few lines that give the reason of a failure."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.local_stack.log_excerpt import LINES, WIDTH, reasons

CDK = """\
(node:10260) Warning: NodeVersionSupportWarning: The AWS SDK for JavaScript (v3)
TopK-Local-Stateful |  3/50 | 11:33:53 PM | CREATE_IN_PROGRESS   | AWS::KMS::Key | TokenKey
TopK-Local-Stateful |  4/50 | 11:33:54 PM | CREATE_COMPLETE      | AWS::KMS::Key | TokenKey
\x1b[31mTopK-Local-Stateful failed: Error: Unable to resolve AWS account to use.\x1b[39m
    at CloudFormationStack.deploy (/opt/cdk/lib/index.js:1:2)
    at async Promise.all (index 0)

"""
PYTHON = """\
Traceback (most recent call last):
  File "/srv/simulator/serve.py", line 73, in <module>
    typer.run(serve)
    ^^^^^^^^^^^^^^^^
  File "/srv/simulator/serve.py", line 61, in serve
    world = build_world(users, seed)
            ^^^^^^^^^^^^^^^^^^^^^^^^
OSError: [Errno 28] No space left on device
"""


def written(folder: Path, text: str) -> Path:
    log = folder / "step.log"
    log.write_text(text, encoding="utf-8")
    return log


def test_the_reason_is_the_last_line_without_stack_and_progress(tmp_path: Path) -> None:
    found = reasons(written(tmp_path, CDK))
    assert found[-1] == "TopK-Local-Stateful failed: Error: Unable to resolve AWS account to use."
    assert not any("at async" in line or "CREATE_" in line for line in found)


def test_a_python_traceback_is_reduced_to_its_error(tmp_path: Path) -> None:
    log = written(tmp_path, PYTHON)
    assert reasons(log) == ["OSError: [Errno 28] No space left on device"]


def test_a_failed_resource_is_not_a_progress_line(tmp_path: Path) -> None:
    line = "TopK | 4/50 | 11:33:54 PM | CREATE_FAILED | AWS::KMS::Key | TokenKey no such key"
    assert reasons(written(tmp_path, line)) == [line]


@pytest.mark.parametrize("text", ["", "\n\n  \n"])
def test_an_empty_log_gives_no_reason(tmp_path: Path, text: str) -> None:
    assert reasons(written(tmp_path, text)) == []


def test_a_missing_log_gives_no_reason(tmp_path: Path) -> None:
    assert reasons(tmp_path / "never.log") == []


@given(st.text(max_size=5000))
def test_the_excerpt_is_bounded_for_any_log(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    found = reasons(written(tmp_path_factory.mktemp("log"), text))
    assert len(found) <= LINES
    assert all(0 < len(line) <= WIDTH for line in found)
