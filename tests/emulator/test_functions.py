"""A function's environment, and the processes that run it."""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from simulator.emulator.process import EmulatorProcess
from tests.emulator.deployed import Deployed
from tests.waiting import eventually
from topk.clock import wall_clock

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("emulator contract")]


def test_a_function_sees_only_its_own_code_and_layers(deployed: Deployed) -> None:
    found = deployed.invoke("LookAround", modules=["json", "index", "simulator", "topk", "cli"])
    assert found["found"] == ["json", "index"]


def test_a_function_inherits_nothing_from_the_emulators_environment(
    deployed: Deployed,
) -> None:
    environment = deployed.invoke("LookAround", modules=[])["environment"]
    assert not {"TOPK_CLOCK", "TOPK_UNPACKED", "PYTHONPATH", "PYTEST_CURRENT_TEST"} & {*environment}
    assert environment["HOME"] != os.environ["HOME"]


def test_a_functions_process_has_the_date_of_the_process_that_started_the_emulator(
    deployed: Deployed,
) -> None:
    """The machine's date, or the one that libfaketime sets."""
    before = wall_clock()
    now = deployed.invoke("LookAround", modules=[])["now"]
    assert before <= now <= wall_clock()
    print(f"A function's process prints {datetime.fromtimestamp(now, UTC):%Y-%m-%d}")  # noqa: T201


def test_a_function_has_its_roles_credentials(deployed: Deployed) -> None:
    environment = deployed.invoke("LookAround", modules=[])["environment"]
    assert environment["AWS_ACCESS_KEY_ID"].startswith("ASIA")


def test_a_burst_of_calls_shares_few_workers_and_one_copy_of_a_layer(
    deployed: Deployed, emulator: EmulatorProcess
) -> None:
    with ThreadPoolExecutor(8) as calls:
        answers = list(calls.map(lambda _: deployed.invoke("Layered", seconds=0.3), range(8)))
    assert 1 < len({answer["worker"] for answer in answers}) <= max(2, os.cpu_count() or 1)
    [file] = {answer["file"] for answer in answers}
    assert file.startswith(str(emulator.unpacked))


def test_a_function_is_started_before_its_first_call(
    deployed: Deployed, emulator: EmulatorProcess
) -> None:
    assert deployed.name("NeverCalled")
    log = emulator.folder / "emulator.log"
    eventually(lambda: "worker spawned for contract-NeverCalled" in log.read_text())
