"""Dates as Google writes them in the language of an account: "5 paź 2024, 15:04:09 CEST".

A language has names of months and words for the halves of a day (`date_words.json`, from Unicode's
CLDR). Nothing says which language a file is in, and some share a name for different months: the
language is the one by which most dates of a file can be read and follow each other, as a history is
ordered by time.
"""

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

_WORDS = Path(__file__).with_name("date_words.json")
_TIME = re.compile(r"(?<!\d)(\d{1,2})(?::|\.| h )(\d{2})(?::|\.| min )(\d{2})(?!\d)(?: s\b)?")
_NUMBER = re.compile(r"\d+")
_OFFSET = re.compile(r"(?:GMT|UTC)\s?(?:([+-])(\d{1,2})(?::?(\d{2}))?)?")
_ABBREVIATION = re.compile(r"[A-ZČ]{2,5}$")
_SAMPLE = 60
"""Dates by which the language is found."""
_BUDDHIST = 543
_BUDDHIST_FROM = 2400
_DASHES = str.maketrans({"−": "-", "–": "-", "\u200e": "", "\u200f": "", "\u061c": ""})
_HOURS = {
    "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "CEST": 2, "MEZ": 1, "MESZ": 2, "SEČ": 1, "SELČ": 2,
    "EET": 2, "EEST": 3, "MSK": 3, "SAST": 2, "PKT": 5, "IST": 5.5, "WIB": 7, "HKT": 8, "SGT": 8,
    "AWST": 8, "JST": 9, "KST": 9, "ACST": 9.5, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
    "AST": -4, "ADT": -3, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6,
    "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8, "HST": -10, "ART": -3, "BRT": -3,
}  # fmt: skip
"""Hours ahead of UTC, of the abbreviations that Google writes. One stands for the same offset all
year: a summer's abbreviation at a winter's date is the offset at the time of the download.
"""


@dataclass(frozen=True, slots=True)
class Language:
    """`months` maps names to numbers, longest first; `later` are words for the afternoon."""

    months: Mapping[str, int]
    earlier: tuple[str, ...]
    later: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dates:
    """Reads the dates of one file, whose times are in `zone` where they name no other.

    The first of `readers` is of the file's language, as far as its first dates tell. The others are
    for names of months that this one does not know: the first records may be of one month.
    """

    readers: Sequence["LanguageDates"]

    def moment(self, text: str) -> int | None:
        """Epoch seconds; None where it is no date."""
        found = (one.moment(text) for one in self.readers)
        return next((moment for moment in found if moment is not None), None)


@dataclass(frozen=True, slots=True)
class LanguageDates:
    """Reads dates of one language."""

    language: Language
    zone: tzinfo

    def moment(self, text: str) -> int | None:
        """Epoch seconds; None where it is no date."""
        plain = _plain(text)
        time = _TIME.search(plain)
        if time is None:
            return None
        date = f"{plain[: time.start()]} {plain[time.end() :]}"
        day = _day(date, self.language)
        hour = self._hour(int(time.group(1)), date)
        if day is None or hour is None:
            return None
        try:
            local = datetime(*day, hour, int(time.group(2)), int(time.group(3)))  # noqa: DTZ001
            after = plain[time.end() :]
            return round(local.replace(tzinfo=self._zone_of(after, local)).timestamp())
        except (ValueError, OverflowError):
            return None

    def words(self, text: str) -> int:
        """How many words of the date the language knows."""
        plain = f" {_TIME.sub(' ', _plain(text)).casefold()} "
        halves = (*self.language.earlier, *self.language.later)
        return any(f" {one} " in plain for one in halves) + bool(_month(plain, self.language))

    def _hour(self, hour: int, date: str) -> int | None:
        words = f" {date.casefold()} "
        if hour <= 12 and any(f" {word} " in words for word in self.language.later):
            return hour % 12 + 12
        if hour <= 12 and any(f" {word} " in words for word in self.language.earlier):
            return hour % 12
        return hour if hour < 24 else None

    def _zone_of(self, after: str, local: datetime) -> tzinfo:
        if offset := _OFFSET.search(after):
            sign, hours, minutes = offset.groups()
            ahead = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
            return timezone(-ahead if sign == "-" else ahead)
        words = after.split()
        if not words:
            return UTC
        name = words[-1]
        if _ABBREVIATION.fullmatch(name):
            for month in (1, 7):
                same_year = local.replace(month=month, day=1, tzinfo=self.zone)
                if same_year.tzname() == name:
                    return timezone(same_year.utcoffset() or timedelta())
            if name in _HOURS:
                return timezone(timedelta(hours=_HOURS[name]))
        return self.zone if name.casefold() not in self._halves else UTC

    @property
    def _halves(self) -> frozenset[str]:
        words = (*self.language.earlier, *self.language.later)
        return frozenset(part for word in words for part in word.split())


def dates_of(texts: Sequence[str], *, zone: tzinfo) -> Dates:
    """How the dates of one file, latest first, are read."""
    some = texts[:: max(len(texts) // _SAMPLE, 1)]
    readers = [LanguageDates(language, zone) for language in languages()]
    return Dates(sorted(readers, key=lambda one: _score(one, some), reverse=True))


def _score(dates: LanguageDates, texts: Sequence[str]) -> tuple[int, int, int]:
    """How many dates can be read, that few are out of order, and how many words are known."""
    found = [moment for text in texts if (moment := dates.moment(text)) is not None]
    wrong = sum(later < earlier for later, earlier in pairwise(found))
    return len(found), -wrong, sum(map(dates.words, texts))


def _day(date: str, language: Language) -> tuple[int, int, int] | None:
    """Year, month and day."""
    numbers = [(int(one.group()), one.start(), len(one.group())) for one in _NUMBER.finditer(date)]
    year = next(((value, at) for value, at, length in numbers if length == 4), None)
    if year is None:
        return None
    small = [value for value, at, length in numbers if length <= 2 and value <= 31]
    before = sum(at < year[1] for _, at, length in numbers if length <= 2)
    full = year[0] - _BUDDHIST if year[0] > _BUDDHIST_FROM else year[0]
    month = _month(date, language)
    if month and small:
        return full, month, small[0]
    if len(small) < 2:
        return None
    first, second = small[:2]
    if before == 0 or second > 12:
        return full, first, second
    return full, second, first


def _month(date: str, language: Language) -> int | None:
    words = date.casefold()
    return next((number for name, number in language.months.items() if name in words), None)


def _plain(text: str) -> str:
    """`text` with the digits 0 to 9, plain spaces and plain dashes."""
    normal = unicodedata.normalize("NFKC", text).translate(_DASHES)
    digits = (str(unicodedata.decimal(one)) if one.isdecimal() else one for one in normal)
    return " ".join("".join(digits).split())


@lru_cache(maxsize=1)
def languages() -> tuple[Language, ...]:
    """The languages, those with most speakers first."""
    told = json.loads(_WORDS.read_text(encoding="utf-8"))
    return tuple(_language(**one) for one in told.values())


def _language(months: Sequence[str], am: str, pm: str) -> Language:
    names = {
        name: number for number, spellings in enumerate(months, 1) for name in _words_of(spellings)
    }
    longest_first = dict(sorted(names.items(), key=lambda one: -len(one[0])))
    return Language(longest_first, _words_of(am), _words_of(pm))


def _words_of(text: str) -> tuple[str, ...]:
    return tuple(filter(None, text.split("|")))
