"""Order: what waits for the emulator begins first, so that the quick tests run beside it."""

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.get_closest_marker("emulator") is None)
