"""Lambda architectures."""

import platform

ARM, INTEL = "arm64", "x86_64"
ARCHITECTURES = (ARM, INTEL)


def this_architecture() -> str:
    """The architecture of this machine."""
    return ARM if platform.machine() in {"arm64", "aarch64"} else INTEL
