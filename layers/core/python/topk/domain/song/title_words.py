"""The plain words of a title: no trailing credits or video marks, one form of "and" and "part"."""

import re

from topk.domain.song.spelling import words
from topk.domain.song.version_vocabulary import VIDEO

_CREDIT = re.compile(
    r"(?<=\S) (?:feat\b|featuring\b|prod\.? by\b"
    r"|(?<!\b\d )(?<!\b\d\d )ft\b)\.? \S.*$"
)
_TAIL = re.compile(
    r"(?<=\S) (?:(?:the )?official (?:(?:music|lyrics?|hd|4k) )*"
    r"(?:video|audio|visuali[sz]er|mv|clip)"
    r"|music video|lyrics? video|video oficial|clip officiel|with lyrics|mv|pv|hd|hq|4k"
    r"|video ?clipe?|musikvideo|sub espanol|subtitulad[oa]"
    r"|(?:\d{4} )?(?:digital )?remaster(?:ed)?(?: version)?(?: \d{4})?)$"
)
_AND = re.compile(r" ?& ?| \+ | ?'n' ?")
_BARE_N = re.compile(r"(?<= )n(?= )")
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_SPELT = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NUMBER = {
    number: str(value) for numbers in (_ROMAN, _SPELT) for value, number in enumerate(numbers, 1)
}
_PART = re.compile(
    rf"\b(?:pt|part|teil|parte|partie|часть|ч)s?"
    rf"((?: (?:and |to )?(?:\d+|{'|'.join(_NUMBER)})\b)+)"
)
_WEAK = frozenset({"music", "the", "new", "version", "full", "song"})
_WHOLE = frozenset({"full", "song", "music"})
_MARKS = VIDEO - {"sub", "testi", "tekst", "слова", "premiere"}

_LAST_OF_TAIL = _MARKS | _WEAK | {"remaster", "remastered", "espanol", "subtitulado", "subtitulada"}


def without_credit(text: str) -> str:
    """The text up to an unbracketed "feat. Somebody"; "6 ft. under" is a depth."""
    return _CREDIT.sub("", text) if " f" in text or " prod" in text else text


def without_video_words(text: str) -> str:
    """The text without the marks of a video that it ends with."""
    parts = text.split()
    while parts and words(parts[-1]) in _MARKS | _WEAK:
        parts.pop()
    return " ".join(parts)


def base_title(text: str) -> str:
    """The words of a normalised title. Idempotent."""
    if "&" in text or "+" in text or "'" in text:
        text = _AND.sub(" and ", text)
    plain = words(text)
    while (shorter := _without_tail(without_credit(plain))) != plain:
        plain = shorter
    if " n " in plain:
        plain = _BARE_N.sub("and", plain)
    return _PART.sub(_numbered, plain) if _has_part(plain) else plain


def _has_part(plain: str) -> bool:
    return "pt" in plain or "part" in plain or "teil" in plain or "ч" in plain


def _without_tail(plain: str) -> str:
    """Without a tail that marks a video, such as "video oficial"; one word alone may be meant."""
    parts = plain.split()
    if len(parts) < 2 or not (parts[-1] in _LAST_OF_TAIL or parts[-1].isdigit()):
        return plain
    end = len(parts)
    while end > 1 and (parts[end - 1] in _MARKS or parts[end - 1] in _WEAK):
        end -= 1
    marks = [part for part in parts[end:] if part in _MARKS]
    if len(marks) > 1 or (marks and not _WHOLE.isdisjoint(parts[end:])):
        plain = " ".join(parts[:end])
    return _TAIL.sub("", plain)


def _numbered(found: re.Match[str]) -> str:
    numbers = found[1].replace(" and ", " ").replace(" to ", " ").split()
    return "part " + " ".join(_NUMBER.get(number, number) for number in numbers)
