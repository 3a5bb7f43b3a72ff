"""The processors that functions run on, as Lambda calls them."""

import platform

ARM, INTEL = "arm64", "x86_64"
ARCHITECTURES = (ARM, INTEL)


def this_architecture() -> str:
    """That of the machine at hand."""
    return ARM if platform.machine() in {"arm64", "aarch64"} else INTEL
