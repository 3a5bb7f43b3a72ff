"""The plain words of a title: no trailing credits or video marks, one form of "and" and "part"."""

import re

from topk.domain.song.spelling import words

_CREDIT = re.compile(r"(?<=\S) (?:feat\b|featuring\b|(?<!\b\d )(?<!\b\d\d )ft\b)\.? \S.*$")
_TAIL = re.compile(
    r"(?<=\S) (?:(?:the )?official (?:(?:music|lyrics?|hd|4k) )*"
    r"(?:video|audio|visuali[sz]er|mv|clip)"
    r"|music video|lyrics? video|video oficial|clip officiel|with lyrics|mv|hd|hq|4k"
    r"|(?:\d{4} )?(?:digital )?remaster(?:ed)?(?: version)?(?: \d{4})?)$"
)
_AND = re.compile(r" ?& ?| \+ | ?'n' ?")
_BARE_N = re.compile(r"(?<= )n(?= )")
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_SPELT = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NUMBER = {
    number: str(value) for numbers in (_ROMAN, _SPELT) for value, number in enumerate(numbers, 1)
}
_PART = re.compile(rf"\b(?:pt|part)s?((?: (?:and |to )?(?:\d+|{'|'.join(_NUMBER)})\b)+)")


def without_credit(text: str) -> str:
    """The text up to an unbracketed "feat. Somebody"; "6 ft. under" is a depth."""
    return _CREDIT.sub("", text)


def base_title(text: str) -> str:
    """The words of a tidied title; text that went through this goes through unchanged."""
    plain = words(_AND.sub(" and ", text))
    while (shorter := _TAIL.sub("", without_credit(plain))) != plain:
        plain = shorter
    return _PART.sub(_numbered, _BARE_N.sub("and", plain))


def _numbered(found: re.Match[str]) -> str:
    numbers = found[1].replace(" and ", " ").replace(" to ", " ").split()
    return "part " + " ".join(_NUMBER.get(number, number) for number in numbers)
