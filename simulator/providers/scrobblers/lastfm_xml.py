"""Last.fm's XML, from its JSON form.

`#text` is an element's text, and the fields next to it are its attributes. `@attr` has the
attributes of an element with children. A list repeats an element.
Source: https://www.last.fm/api/rest.
"""

from collections.abc import Mapping
from typing import Any

# This module only writes XML.
from xml.etree.ElementTree import Element, SubElement, tostring  # nosec B405


def document(answer: Mapping[str, Any]) -> bytes:
    """The XML document of a response; one with an `error` has the status failed."""
    if "error" in answer:
        root = Element("lfm", status="failed")
        SubElement(root, "error", code=str(answer["error"])).text = answer["message"]
    else:
        root = Element("lfm", status="ok")
        _fill(root, answer)
    text: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return text


def _fill(element: Element, content: Any) -> None:
    if not isinstance(content, Mapping):
        element.text = str(content)
    elif "#text" in content:
        element.text = str(content["#text"])
        element.attrib.update(_attributes(content))
    else:
        element.attrib.update(_attributes(content.get("@attr", {})))
        for name, found in content.items():
            if name != "@attr":
                for one in found if isinstance(found, list) else [found]:
                    _fill(SubElement(element, name), one)


def _attributes(found: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in found.items() if name != "#text"}
