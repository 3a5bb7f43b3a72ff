"""The layer with what cdk.json declares of providers, in a file.

It is the contract with `topk.runtime.settings`. A function's environment has room for 4 KB, which
these declarations would fill.
"""

import hashlib
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from infra_cdk.config import Deployment

PROVIDERS_FILE = "topk_providers.json"

Files = Mapping[str, Mapping[str, Any]]
"""File name -> its JSON object."""


def declared_files(deployment: Deployment) -> Files:
    """The providers of a deployment, by name."""
    return {
        PROVIDERS_FILE: {
            name: {
                "endpoints": provider.endpoints,
                "options": deployment.options(name),
                "per_day": provider.per_day,
                "cadence": deployment.cadence(name),
                "budget": deployment.budget(name),
            }
            for name, provider in deployment.providers.items()
        },
    }


def written(files: Files, cache: Path) -> Path:
    """A folder in `cache` with the layer's content; the same folder for the same files."""
    content = {
        name: msgspec.json.encode(declared, order="deterministic")
        for name, declared in files.items()
    }
    folder = cache / f"declared-{hashlib.sha256(b''.join(content.values())).hexdigest()[:16]}"
    if not folder.exists():
        cache.mkdir(parents=True, exist_ok=True)
        # Under its final name only when complete: several syntheses may run at once.
        with tempfile.TemporaryDirectory(dir=cache, ignore_cleanup_errors=True) as scratch:
            layer = Path(scratch, "layer")
            (layer / "python").mkdir(parents=True)
            for name, text in content.items():
                (layer / "python" / name).write_bytes(text)
            try:
                layer.rename(folder)
            except OSError:
                if not folder.exists():
                    raise
    return folder
