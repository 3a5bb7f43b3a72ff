"""Writes the words of dates in Google's languages, from CLDR by way of Babel.

.venv/bin/python -m tests.providers.date_words
"""

import json
import unicodedata
from pathlib import Path

from babel import Locale

from topk.providers.youtube import local_dates

_LANGUAGES = """
en en_GB en_AU en_CA en_IN es es_419 es_MX pt pt_PT fr fr_CA de it ru ja ko zh zh_Hant
zh_HK pl nl tr id vi th uk cs sv hu ro da fi nb sk bg el he ar fa hi bn ta te mr gu kn ml
pa or ur si ne ms fil hr sr sr_Latn bs sl mk sq et lv lt is eu ca gl af sw zu am az be hy
ka kk km ky lo mn my uz
"""
LANGUAGES = tuple(_LANGUAGES.split())
"""Those that Google offers for an account, as CLDR names them; most spoken first."""
FILE = Path(local_dates.__file__).with_name("date_words.json")


def written() -> str:
    told = {name: _language(Locale.parse(name)) for name in LANGUAGES}
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def _language(locale: Locale) -> dict[str, object]:
    return {
        "months": ["|".join(_months(locale, number)) for number in range(1, 13)],
        "am": "|".join(_halves(locale, "am")),
        "pm": "|".join(_halves(locale, "pm")),
    }


def _months(locale: Locale, number: int) -> list[str]:
    names = {
        _plain(locale.months[context][width][number]).rstrip(".")
        for context in ("format", "stand-alone")
        for width in ("abbreviated", "wide")
    }
    return sorted(name for name in names if not any(one.isdigit() for one in name))


_PARTS = {
    "am": ("am", "midnight", "night1", "morning1", "morning2"),
    "pm": ("pm", "noon", "afternoon1", "afternoon2", "evening1"),
}
"""Parts of the day, which Chinese names in place of its halves."""


def _halves(locale: Locale, half: str) -> list[str]:
    parts = _PARTS[half] if locale.language == "zh" else (half,)
    names = {
        _plain(of_width[part])
        for context in locale.day_periods.values()
        for width, of_width in context.items()
        for part in parts
        if width != "narrow" and part in of_width
    }
    names |= {half} if locale.language == "en" else set()
    closed = {name.replace(" ", "") for name in names}
    return sorted(names | closed | {name.replace(".", "") for name in closed})


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


if __name__ == "__main__":
    FILE.write_text(written(), encoding="utf-8")
