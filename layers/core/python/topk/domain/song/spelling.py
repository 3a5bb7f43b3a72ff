"""Normalise the different ways in which providers write the same words."""

import html
import re
import unicodedata

from topk.domain.song.chinese import SIMPLIFIED

_LATIN_LETTERS = {
    "ø": "o",
    "æ": "ae",
    "œ": "oe",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ı": "i",
    "ħ": "h",
    "ŋ": "n",
    "ə": "a",
    "ɓ": "b",
    "ɗ": "d",
    "ƙ": "k",
}
_MARKS = {
    **dict.fromkeys("‘’‚‛ʼʹ′`´＇ʻ׳", "'"),
    **dict.fromkeys("“”„‟″«»「」『』《》〈〉〝〞״", '"'),
    **dict.fromkeys("‐‑‒–—―−─", "-"),
    **dict.fromkeys("〜～∼", "~"),
    **dict.fromkeys("[{【〔〖", "("),
    **dict.fromkeys("]}】〕〗", ")"),
    **dict.fromkeys("×✕✖", "x"),
    **dict.fromkeys("™®©℗", ""),
    "¦": "|",
    "،": ",",
    "؛": ";",
    "ё": "е",
}
_ARABIC_LETTERS = {
    **dict.fromkeys("أإآٱ", "ا"),
    **dict.fromkeys("ىیې", "ي"),
    "ة": "ه",
    "ؤ": "و",
    "ئ": "ي",
    "ک": "ك",
    "ہ": "ه",
    "ـ": "",
}
"""Forms of one letter that are typed for each other; Persian and Urdu type some of their own."""
_DROPPED = frozenset(
    map(
        chr,
        [
            *range(0x0300, 0x0370),  # Combining accents
            *range(0xFE00, 0xFE10),  # Variation selectors
            *range(0x0610, 0x061B),  # Arabic vowel signs and honorifics
            *range(0x064B, 0x0660),
            0x0670,
            *range(0x06D6, 0x06EE),
            *range(0x0591, 0x05BE),  # Hebrew points and accents
            0x05BF,
            0x05C1,
            0x05C2,
            0x05C4,
            0x05C5,
            0x05C7,
            0x093C,  # Devanagari nukta
        ],
    )
)
"""Marks that a careful writer sets and a hasty one leaves out. Others are letters."""
LONGEST = 300
"""Characters of a title or credit that are used; only hostile ones are longer."""
_REMEMBERED = 20_000
"""Bound of the code point table: more than the scripts of all catalogues."""


class _Folding(dict[int, str]):
    """What becomes of a code point, computed once."""

    def __missing__(self, code: int) -> str:
        folded = self.fold(chr(code))
        if len(self) < _REMEMBERED:
            self[code] = folded
        return folded

    def fold(self, char: str) -> str:
        raise NotImplementedError


_SUBSTITUTES = {**_MARKS, **_LATIN_LETTERS, **_ARABIC_LETTERS, **SIMPLIFIED, "ँ": "ं"}


class _Letters(_Folding):
    """Latin and Greek letters lose their accents, Arabic, Hebrew and Hindi optional marks."""

    def fold(self, char: str) -> str:
        if char in _SUBSTITUTES:
            return _SUBSTITUTES[char]
        if char in _DROPPED or unicodedata.category(char) == "Cf":
            return ""
        digit = unicodedata.digit(char, None)
        if digit is not None:
            return str(digit)
        base = unicodedata.normalize("NFD", char)[0]
        return base if base < "\u0250" or "\u0370" <= base < "\u0400" else char


class _Words(_Folding):
    """Letters, digits and vowel signs stay; apostrophes and dots are removed; all else
    separates.
    """

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
        text = text.lower().replace("[", "(").replace("]", ")").replace("{", "(").replace("}", ")")
    else:
        text = unicodedata.normalize("NFKC", text.translate(_BEFORE_NFKC)).casefold()
        text = unicodedata.normalize("NFKC", text).translate(_LETTERS)
    if "$" in text or "!" in text:
        text = _STAND_INS.sub(lambda found: "s" if found[0] == "$" else "i", text)
    if "m/v" in text:
        text = _MUSIC_VIDEO.sub("mv", text)
    return " ".join(text.split())


def words(tidied: str) -> str:
    """The words of a normalised text, single-spaced; empty if it has none ("!!!")."""
    return " ".join(tidied.translate(_WORDS).split())
