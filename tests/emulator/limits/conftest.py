from collections.abc import Iterator

import pytest

from simulator.emulator.process import EmulatorProcess
from tests.emulator.limits.account import Account


@pytest.fixture(scope="session")
def account(emulator: EmulatorProcess) -> Iterator[Account]:
    account = Account(emulator.url)
    yield account
    account.close()
