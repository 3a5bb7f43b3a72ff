import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.studies.rehearsal.run import emulator as started_emulator
from simulator.clock import Clock
from simulator.emulator.process import EmulatorProcess
from tests.emulator.deployed import Deployed
from tests.emulator.template import template

BUCKET = "contract"


def archive(**files: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        for name, text in files.items():
            packed.writestr(f"python/{name}.py", text)
    return content.getvalue()


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmulatorProcess]:
    """The emulator as the product starts it, once for all contract tests."""
    with started_emulator(tmp_path_factory.mktemp("emulator")) as started:
        yield started


@pytest.fixture(scope="session")
def own_emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of another, for tests that empty it."""
    with started_emulator(tmp_path_factory.mktemp("own-emulator")) as started:
        yield started.url


@pytest.fixture(scope="session")
def deployed(emulator: EmulatorProcess) -> Deployed:
    """The contract stack, deployed."""
    deployed = Deployed(emulator.url)
    store = deployed.client("s3")
    store.create_bucket(Bucket=BUCKET)
    store.put_object(Bucket=BUCKET, Key="layer.zip", Body=archive(layered="ANSWER = 42"))
    deployed.deploy(template(BUCKET, "layer.zip"))
    return deployed


@pytest.fixture
def world_clock(emulator: EmulatorProcess) -> Iterator[Clock]:
    """The world's clock; afterwards the world uses wall time again."""
    yield Clock(emulator.clock)
    Path(emulator.clock).unlink(missing_ok=True)
