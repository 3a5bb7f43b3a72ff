"""Responses in the forms of Last.fm: XML, and JSON translated from it.

`#text` is an element's text, and the fields beside it are its attributes; `@attr` has the
attributes of an element with children; a list repeats an element. Source:
https://www.last.fm/api/rest.
"""

import re
from collections.abc import Mapping
from typing import Any

# This module only writes XML.
from xml.etree.ElementTree import Element, SubElement, tostring  # nosec B405

from topk.runtime.api import Answer

_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no way to write: https://www.w3.org/TR/xml/#charsets."""


def rendered(content: Mapping[str, Any], *, as_json: bool) -> Answer:
    if as_json:
        return Answer(body=_texts(content), headers=_type("application/json"))
    root = Element("lfm", status="ok")
    _fill(root, content)
    return _xml(200, root)


def failed(code: int, status: int, message: str, *, as_json: bool) -> Answer:
    if as_json:
        return Answer(status, {"message": message, "error": code}, _type("application/json"))
    root = Element("lfm", status="failed")
    SubElement(root, "error", code=str(code)).text = message
    return _xml(status, root)


def text(content: str, status: int = 200) -> Answer:
    """A response of AudioScrobbler 1.2."""
    return Answer(status, content, _type("text/plain"))


def writable(value: str) -> str:
    """`value` without the characters that XML has no way to write."""
    return _UNWRITABLE.sub("", value)


def _xml(status: int, root: Element) -> Answer:
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return Answer(status, written.decode(), _type("text/xml"))


def _type(name: str) -> dict[str, str]:
    return {"content-type": f"{name}; charset=utf-8"}


def _fill(element: Element, content: Any) -> None:
    if not isinstance(content, Mapping):
        element.text = writable(str(content))
    elif "#text" in content:
        element.text = writable(str(content["#text"]))
        _attributes(element, {name: one for name, one in content.items() if name != "#text"})
    else:
        _attributes(element, content.get("@attr", {}))
        for name, found in content.items():
            if name != "@attr":
                for one in found if isinstance(found, list) else [found]:
                    _fill(SubElement(element, name), one)


def _attributes(element: Element, found: Mapping[str, Any]) -> None:
    for name, value in found.items():
        element.set(name, writable(str(value)))


def _texts(content: Any) -> Any:
    """The same with text that UTF-8 can encode."""
    if isinstance(content, str):
        return writable(content)
    if isinstance(content, Mapping):
        return {name: _texts(one) for name, one in content.items()}
    return [_texts(one) for one in content] if isinstance(content, list) else content
