"""What the functions run on: Lambda's Python on arm64, or the machine at hand."""

import platform
import sys
from dataclasses import dataclass

from aws_cdk import aws_lambda as lambda_

# Amazon Linux 2023, which Lambda's Python 3.13 runs on, has glibc 2.34.
LAMBDA_WHEELS = ("--python-version", "3.13", "--python-platform", "aarch64-manylinux_2_34")


@dataclass(frozen=True, slots=True)
class Platform:
    """`wheels` are uv's arguments that choose the packages' builds."""

    runtime: lambda_.Runtime
    architecture: lambda_.Architecture
    wheels: tuple[str, ...]


def platform_of(*, local: bool) -> Platform:
    return _this_machine() if local else _lambda()


def _lambda() -> Platform:
    return Platform(lambda_.Runtime.PYTHON_3_13, lambda_.Architecture.ARM_64, LAMBDA_WHEELS)


def _this_machine() -> Platform:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    arm = platform.machine() in {"arm64", "aarch64"}
    return Platform(
        # The emulator runs functions on this very interpreter, whatever the name says.
        lambda_.Runtime(f"python{version}", lambda_.RuntimeFamily.PYTHON),
        lambda_.Architecture.ARM_64 if arm else lambda_.Architecture.X86_64,
        ("--python", sys.executable),
    )
