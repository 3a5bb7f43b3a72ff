"""The registry: all providers by name, none loaded that is not used."""

import subprocess
import sys

import pytest

from tests.providers.scripted import Script
from topk.domain.errors import InvalidRequestError
from topk.providers.registry import build


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(InvalidRequestError) as caught:
        build("walkman", endpoints={}, credentials={}, options={}, http=Script().http)

    assert caught.value.field == "provider"


def test_importing_the_registry_loads_no_adapter() -> None:
    program = (
        "import sys, topk.providers.registry;"
        "print([m for m in sys.modules if m.startswith('topk.providers.') "
        "and m.rsplit('.')[-1] in {'spotify', 'apple_music', 'youtube'}])"
    )
    shown = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )

    assert shown.stdout.strip() == "[]"
