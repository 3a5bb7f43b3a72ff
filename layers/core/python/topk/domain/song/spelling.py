"""One spelling for the many ways in which providers write the same words."""

import html
import re
import unicodedata

_LATIN_LETTERS = {"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
_MARKS = {
    **dict.fromkeys("‘’‚‛ʼʹ′`´＇", "'"),
    **dict.fromkeys("“”„‟″«»「」『』《》〈〉〝〞", '"'),
    **dict.fromkeys("‐‑‒–—―−─", "-"),
    **dict.fromkeys("[{【〔〖", "("),
    **dict.fromkeys("]}】〕〗", ")"),
    **dict.fromkeys("×✕✖", "x"),
    **dict.fromkeys("™®©℗", ""),
    "¦": "|",
    "ё": "е",
}
LONGEST = 300
"""Characters of a title or a credit that take part; no name is longer, a hostile one may be."""
_REMEMBERED = 20_000
"""Code points kept in a table: more than all scripts in use by the catalogues, yet bounded."""


class _Folding(dict[int, str]):
    """What becomes of a code point, found out once."""

    def __missing__(self, code: int) -> str:
        folded = self.fold(chr(code))
        if len(self) < _REMEMBERED:
            self[code] = folded
        return folded

    def fold(self, char: str) -> str:
        raise NotImplementedError


class _Letters(_Folding):
    """Latin and Greek letters lose their accents; every other script keeps its marks."""

    def fold(self, char: str) -> str:
        if char in _MARKS:
            return _MARKS[char]
        if char in _LATIN_LETTERS:
            return _LATIN_LETTERS[char]
        if (
            "\u0300" <= char <= "\u036f"
            or "\ufe00" <= char <= "\ufe0f"
            or unicodedata.category(char) == "Cf"
        ):
            return ""
        base = unicodedata.normalize("NFD", char)[0]
        return base if base < "\u0250" or "\u0370" <= base < "\u0400" else char


class _Words(_Folding):
    """Letters, digits and vowel signs stay; apostrophes and dots close up; all else parts."""

    def fold(self, char: str) -> str:
        if char in "'.":
            return ""
        category = unicodedata.category(char)
        if category[0] in "LN":
            return char
        return char if category in {"Mn", "Mc"} else " "


_LETTERS = _Letters()
_WORDS = _Words()
_BEFORE_NFKC = {ord(char): _MARKS[char] for char in "´™®©℗"}
_MUSIC_VIDEO = re.compile(r"\bm/v\b")
_STAND_INS = re.compile(r"\$(?=[a-z])|(?<=[a-z])\$|(?<=[a-z])!(?=[a-z])")


def tidy(text: str) -> str:
    """Lower case, one width, plain accents, quotes, dashes and brackets, single spaces."""
    if "&" in text and ";" in text:
        text = html.unescape(text)
    if text.isascii():
        text = text.lower().replace("[", "(").replace("]", ")")
    else:
        text = unicodedata.normalize("NFKC", text.translate(_BEFORE_NFKC)).casefold()
        text = unicodedata.normalize("NFKC", text).translate(_LETTERS)
    if "$" in text or "!" in text:
        text = _STAND_INS.sub(lambda found: "s" if found[0] == "$" else "i", text)
    if "m/v" in text:
        text = _MUSIC_VIDEO.sub("mv", text)
    return " ".join(text.split())


def words(tidied: str) -> str:
    """Only the words of a tidied text, single-spaced; nothing where it has none ("!!!")."""
    return " ".join(tidied.translate(_WORDS).split())
