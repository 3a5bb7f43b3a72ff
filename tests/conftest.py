"""What holds for every test.

Property tests try the same examples on every run, so that a build that passed passes again;
`HYPOTHESIS_PROFILE=explore make test` looks for new ones. A machine's haste is nowhere asserted.
What waits for the emulator begins first, so that the quick tests run beside it.
"""

import os

import pytest
from hypothesis import settings

settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("explore", max_examples=1000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.get_closest_marker("emulator") is None)
