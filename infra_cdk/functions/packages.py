"""Installed dependencies for a layer, by uv, without Docker, for any platform.

The packages index is asked only for what uv has not seen before, and a set that was installed
once is used again for as long as neither its lock nor the platform changes.
"""

import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

# Lambda's Python brings these with boto3, the emulator's environment too.
PROVIDED = ("botocore", "jmespath", "python-dateutil", "six", "urllib3")
UNUSED = ("bin", "tests", "__pycache__", ".lock")
# Parquet alone: without what speaks to other services and reads other formats, and what compilers
# need, pyarrow is 99 MB instead of 165, of the 250 that a function may unzip.
_ARROW = ("flight", "s3", "orc", "hdfs", "gcs", "azure", "gandiva", "cuda", "json", "csv")
UNUSED_OF = {
    "archive": (
        *(f"pyarrow/*{part}*.so*" for part in _ARROW),
        *(f"pyarrow/*.{kind}" for kind in ("pxd", "pxi", "pyx", "h")),
        *("pyarrow/include", "pyarrow/src", "pyarrow/libarrow_python.so", "pyarrow/lib*.so.*.*.*"),
    )
}
"""Folders by the name of their lock."""


def installed(requirements: Path, wheels: Sequence[str], cache: Path) -> Path:
    """The folder of a layer: `python/` with everything that `requirements` (a lock with hashes)
    pins.

    Raises CalledProcessError if uv cannot install it.
    """
    left_out = (*UNUSED, *UNUSED_OF.get(requirements.stem, ()))
    described = [
        requirements.read_text(encoding="utf-8"),
        *wheels,
        sys.version,
        *PROVIDED,
        *left_out,
    ]
    digest = hashlib.sha256("\n".join(described).encode()).hexdigest()[:16]
    finished = cache / f"{requirements.stem}-{digest}"
    if not finished.exists():
        cache.mkdir(parents=True, exist_ok=True)
        # Under its final name only when complete: an interrupted run leaves nothing to mistake, and
        # several syntheses may run at once.
        with tempfile.TemporaryDirectory(dir=cache, ignore_cleanup_errors=True) as scratch:
            layer = Path(scratch, "layer")
            _install(requirements, wheels, layer / "python", left_out)
            try:
                layer.rename(finished)
            except OSError:
                if not finished.exists():
                    raise
    return finished


def _install(
    requirements: Path, wheels: Sequence[str], target: Path, left_out: Sequence[str]
) -> None:
    _uv(
        "install",
        "--target",
        target,
        *wheels,
        "--only-binary",
        ":all:",
        "--no-deps",
        "--require-hashes",
        "--no-compile-bytecode",
        "-r",
        requirements,
    )
    _uv("uninstall", "--target", target, *PROVIDED)
    for name in left_out:
        for found in [*target.rglob(name)]:
            shutil.rmtree(found) if found.is_dir() else found.unlink()


def _uv(command: str, *arguments: str | Path) -> None:
    uv = Path(sys.executable).with_name("uv")
    subprocess.run(  # noqa: S603 - our own interpreter's uv, with arguments of our own
        [uv, "pip", command, "--quiet", *arguments], check=True, stdout=sys.stderr
    )
