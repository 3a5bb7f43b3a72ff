"""The functions' platform: Lambda's Python on arm64, or this machine."""

import sys
from dataclasses import dataclass

from aws_cdk import aws_lambda as lambda_

from infra_cdk.functions.architecture import ARM, INTEL, this_architecture

# Amazon Linux 2023, which Lambda's Python 3.13 runs on, has glibc 2.34.
_BUILDS = {ARM: "aarch64-manylinux_2_34", INTEL: "x86_64-manylinux_2_34"}


@dataclass(frozen=True, slots=True)
class Platform:
    """`wheels` are uv's arguments that choose the packages' builds."""

    runtime: lambda_.Runtime
    architecture: lambda_.Architecture
    wheels: tuple[str, ...]


def platform_of(*, local: bool, architecture: str = ARM) -> Platform:
    """Lambda's platform on `architecture`, or this machine's if `local`."""
    return _this_machine() if local else _lambda(architecture)


def _lambda(architecture: str) -> Platform:
    wheels = ("--python-version", "3.13", "--python-platform", _BUILDS[architecture])
    return Platform(lambda_.Runtime.PYTHON_3_13, _lambda_architecture(architecture), wheels)


def _lambda_architecture(name: str) -> lambda_.Architecture:
    return lambda_.Architecture.ARM_64 if name == ARM else lambda_.Architecture.X86_64


def _this_machine() -> Platform:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return Platform(
        # The emulator runs functions on this interpreter, whatever the name.
        lambda_.Runtime(f"python{version}", lambda_.RuntimeFamily.PYTHON),
        _lambda_architecture(this_architecture()),
        ("--python", sys.executable),
    )
