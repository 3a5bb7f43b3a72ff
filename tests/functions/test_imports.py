"""Modules that a function behind the API imports before its first call."""

import subprocess
import sys

import pytest

LATER = {"aiohttp", "httpx2", "cryptography", "joserfc", "authlib"}


@pytest.mark.parametrize("function", ["account", "connect", "ingest", "read", "scrobble"])
def test_provider_and_vault_modules_are_imported_only_when_used(
    function: str,
) -> None:
    code = f"import functions.{function}.handler, sys; print(*{LATER} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.split() == []
