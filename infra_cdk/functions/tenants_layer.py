"""The layer with the tenants' file: the contract with `topk.runtime.tenants`."""

import hashlib
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

FILE = "topk_tenants.json"


def written(tenants: Mapping[str, Any], cache: Path) -> Path:
    """A folder in `cache` with the layer's content; the same folder for the same tenants."""
    content = msgspec.json.encode(tenants, order="deterministic")
    folder = cache / f"tenants-{hashlib.sha256(content).hexdigest()[:16]}"
    if not folder.exists():
        cache.mkdir(parents=True, exist_ok=True)
        # Under its final name only when complete: several syntheses may run at once.
        with tempfile.TemporaryDirectory(dir=cache, ignore_cleanup_errors=True) as scratch:
            layer = Path(scratch, "layer")
            (layer / "python").mkdir(parents=True)
            (layer / "python" / FILE).write_bytes(content)
            try:
                layer.rename(folder)
            except OSError:
                if not folder.exists():
                    raise
    return folder
