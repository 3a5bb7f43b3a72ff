"""Words that providers print with stars for letters, and their letters."""

import re
from functools import lru_cache

_WORDS = """
fuck fucking fuckin fucked fucker fuckers fucks fuckboy fuckboys motherfucker motherfuckers
motherfucking motherfuckin shit shits shitty bullshit bitch bitches bitchin nigga niggas nigger
niggaz pussy pussies dick dicks cock cunt ass asses asshole assholes dumbass badass damn goddamn
hell hoe hoes whore whores slut sluts sex sexy bastard bastards crap piss pissed tits cum dope weed
drug drugs cocaine gun guns kill killer killing suicide murder molly blunt fag faggot rape porn
puta putas puto putos mierda cabron cabrones pendejo pendeja joder chinga chingar verga culo coño
merde putain pute connard salope encule bordel nique niquer
scheisse scheiß arsch fick ficken hure hurensohn fotze
cazzo merda stronzo stronza vaffanculo puttana
porra caralho foda fodase buceta
kurwa jebac chuj pierdole
блядь бля блять сука суки хуй хуйня хуя пизда пиздец ебать ебал жопа говно дерьмо мудак
"""
_BY_LENGTH: dict[int, list[str]] = {}
for _word in _WORDS.split():
    _BY_LENGTH.setdefault(len(_word), []).append(_word)
_MASKED = re.compile(r"(?<![^\s(\"'-])[^\W\d_]+\*+[^\W\d_]*(?:\*+[^\W\d_]*)*|\*+[^\W\d_]+")


def uncensored(tidied: str) -> str:
    """The text with the letters that stars stand for, where it is known which these are."""
    return _MASKED.sub(lambda found: _unmasked(found[0]), tidied) if "*" in tidied else tidied


@lru_cache(maxsize=4_096)
def _unmasked(word: str) -> str:
    """The one word with these letters; a star is a letter, or else a run of them is several."""
    exact = re.compile(re.escape(word).replace(r"\*", "."))
    fitting = [one for one in _BY_LENGTH.get(len(word), ()) if exact.fullmatch(one)]
    if not fitting:
        loose = re.compile(re.sub(r"(?:\\\*)+", ".+", re.escape(word)))
        fitting = [one for one in _WORDS.split() if loose.fullmatch(one)]
    return fitting[0] if fitting else word
