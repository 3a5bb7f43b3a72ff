"""Patches parts of the pinned emulator by name.

A part that another release has renamed raises AttributeError at start, before anything runs.
"""

import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from importlib import import_module
from types import ModuleType
from typing import Any

Part = Callable[..., Any]


def emulated(name: str) -> ModuleType:
    """The emulator's module `name`, such as "services.dynamodb"."""
    return import_module(f"ministack.{name}")


def part(whole: object, name: str) -> Any:
    """The attribute `name` of a module or object; private names are allowed."""
    return getattr(whole, name)


def around(whole: object, name: str, wrapper: Part) -> None:
    """Replace `name` of a module or class with `wrapper(original, *args, **kwargs)`."""
    setattr(whole, name, wrapped(part(whole, name), wrapper))


def wrapped(original: Part, wrapper: Part) -> Part:
    @wraps(original)
    def call(*args: Any, **kwargs: Any) -> Any:
        return wrapper(original, *args, **kwargs)

    return call


def rewrite(module: ModuleType, name: str, lines: Mapping[str, str]) -> None:
    """Replace text within the source of a module's function that cannot be wrapped.

    Raises AttributeError if a text is not there, or if the function is wrapped already.
    """
    original = part(module, name)
    source = inspect.getsource(original)
    if hasattr(original, "__wrapped__") or any(source.count(old) != 1 for old in lines):
        raise AttributeError(f"the emulator's {name} is not as expected")
    for old, new in lines.items():
        source = source.replace(old, new)
    exec(compile(source, f"{module.__file__} ({name})", "exec"), module.__dict__)  # noqa: S102 # nosec B102 - the pinned emulator's own source


def around_resource(resource: str, action: str, wrapper: Part) -> None:
    """Wrap CloudFormation's `action` ("create", "update" or "delete") on a type of resource."""
    handlers = part(emulated("services.cloudformation.provisioners"), "_RESOURCE_HANDLERS")
    handlers[resource][action] = wrapped(handlers[resource][action], wrapper)
