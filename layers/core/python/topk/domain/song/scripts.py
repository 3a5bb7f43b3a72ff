"""How words sound across scripts: one rough form for a name in Latin letters and in its own.

Only compared with a form from another script, and only beside other evidence: vowels are left out,
and consonants that transliterations confuse are one.
"""

import re
import unicodedata
from functools import lru_cache

_CYRILLIC = """
аa бb вv гg дd еe жzh зz иi йy кk лl мm нn оo пp рr сs тt уu фf хkh цts чch шsh щsh ъ_ ыy
ь_ эe юyu яya єye іi їyi ґg ўu ђdj јy љly њny ћch џdj ѓg ќk
"""
_GREEK = """
αa βv γg δd εe ζz ηi θth ιi κk λl μm νn ξks οo πp ρr σs τt υy φf χkh ψps ωo
"""
_ARABIC = """
اa بb تt ثth جj حh خkh دd ذth رr زz سs شsh صs ضd طt ظz عa غgh فf قk كk لl مm نn هh وw يy
ء_ پp چch ژzh گg ڤv ٹt ڈd ڑr ںn
"""
_HEBREW = """
אa בb גg דd הh וv זz חh טt יy כk ךk לl מm םm נn ןn סs עa פp ףp צts ץts קk רr שsh תt
"""
_ALPHABETS = {pair[0]: pair[1:] for pair in (_CYRILLIC + _GREEK + _ARABIC + _HEBREW).split()}
"""Each letter with its sound in Latin letters, "_" for none."""
_GREEK_PAIRS = (("μπ", "b"), ("ντ", "d"), ("γκ", "g"))
_SPOKEN = re.compile(
    r"(?:HIRAGANA LETTER|KATAKANA LETTER|HANGUL SYLLABLE"
    r"|(?:DEVANAGARI|BENGALI|GURMUKHI|GUJARATI|ORIYA|TAMIL|TELUGU|KANNADA|MALAYALAM)"
    r" (?:LETTER|VOWEL SIGN))"
    r" (?:SMALL |VOCALIC |CANDRA )?(\w+)$"
)
"""Unicode names the characters of these scripts by their sound."""
_NASAL = re.compile(r"SIGN (?:ANUSVARA|CANDRABINDU|TIPPI|BINDI)$")
_ROUGH = (
    (re.compile(r"(?:sh|ch|zh|dj|dz|ts|tch|j|z)"), "s"),
    (re.compile(r"ph|f|v|b"), "p"),
    (re.compile(r"ng(?=[^aeiouwy]|$)"), "n"),
    (re.compile(r"c(?=[eiy])"), "s"),
    (re.compile(r"ck|[cqg]"), "k"),
    (re.compile(r"x"), "ks"),
    (re.compile(r"d"), "t"),
    (re.compile(r"r"), "l"),
    (re.compile(r"(?<=[a-z])(?<![aeiouwy])h"), ""),
    (re.compile(r"([^aeiouwy])\1+"), r"\1"),
    (re.compile(r"(?<!^)[aeiouwy]+"), ""),
    (re.compile(r"^[aeiouwy]+"), "a"),
    (re.compile(r"([^a])\1+"), r"\1"),
)


def is_foreign(text: str) -> bool:
    """Has the text letters that are not Latin?"""
    return not text.isascii() and any(char > "\u024f" and char.isalpha() for char in text)


def is_latin(text: str) -> bool:
    """Has the text Latin letters, and no others?"""
    return not is_foreign(text) and any(map(str.isalpha, text))


@lru_cache(maxsize=16_384)
def sound(plain: str) -> str:
    """The rough sound of words in lower case; empty where a script does not tell it (Chinese)."""
    heard = [_rough(_romanised(word)) for word in plain.split()]
    return "".join(heard) if all(heard) else ""


def _romanised(word: str) -> str:
    for pair, letter in _GREEK_PAIRS:
        word = word.replace(pair, letter)
    letters = [char if char < "\u0250" else _letter(char) for char in word]
    return "" if "?" in letters else "".join(letters).replace("_", "")


@lru_cache(maxsize=8_192)
def _letter(char: str) -> str:
    """The Latin letters of a character, "_" for none, "?" where it has no sound of its own."""
    if char in _ALPHABETS:
        return _ALPHABETS[char]
    if char == "ー":
        return "_"
    if not char.isalnum():
        return "n" if _NASAL.search(unicodedata.name(char, "")) else _vowel(char)
    spoken = _SPOKEN.match(unicodedata.name(char, ""))
    return spoken[1].lower() if spoken else "?"


def _vowel(char: str) -> str:
    spoken = _SPOKEN.match(unicodedata.name(char, ""))
    return spoken[1].lower() if spoken else "_"


def _rough(romanised: str) -> str:
    for pattern, replacement in _ROUGH:
        romanised = pattern.sub(replacement, romanised)
    return romanised
