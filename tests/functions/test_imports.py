"""What a function behind the API loads before its first call."""

import subprocess
import sys

import pytest

LATER = {"aiohttp", "httpx2", "cryptography", "joserfc", "authlib"}


@pytest.mark.parametrize("function", ["account", "connect", "ingest", "read"])
def test_what_asks_a_provider_or_opens_the_vault_is_loaded_by_the_call_that_does(
    function: str,
) -> None:
    told = f"import functions.{function}.handler, sys; print(*{LATER} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", told], check=True, capture_output=True, text=True)
    assert done.stdout.split() == []
