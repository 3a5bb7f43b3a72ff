"""What the channels of video sites add to the name of an artist."""

import re

from topk.domain.song.spelling import LONGEST, tidy

_TOPICS = frozenset(
    [
        *("topic", "thema", "theme", "tema", "topico", "argomento", "onderwerp", "temat", "aihe"),
        *("emne", "amne", "efni", "konu", "movzu", "mavzu", "topik", "paksa", "subiect", "teema"),
        *("gaia", "sujet", "chu de", "тема", "тэма", "такырып", "тақырып", "θεμα", "トピック"),
        *("主题", "话题", "주제", "موضوع", "נושא", "विषय", "বিষয়", "தலைப்பு", "అంశం", "ವಿಷಯ"),
        *("വിഷയം", "หัวข้อ", "թեմա", "თემა"),
    ]
)
"""What YouTube calls the generated channel of an artist, by language of the account; tidied."""
_LAST_DASH = re.compile(r"^(.*\S)\s+[-–—]\s+(\S.*)$")
_CHANNEL = re.compile(
    r"\s*(?:official\s*)?vevo$"
    r"|\s+[-–—|]?\s*\(?(?:official|oficial|officiel|offiziell|ufficiale|resmi"
    r"|公式|官方|공식|официальный)(?:\s+youtube)?(?:\s+(?:channel|canal|kanal|канал))?\)?$"
    r"|\s*(?:公式|オフィシャル)?チャンネル$|\s*官方(?:頻道|频道)$",
    re.IGNORECASE,
)
_OF_CHANNELS = (
    *("vevo", "official", "oficial", "officiel", "offiziell", "ufficiale", "resmi", "channel"),
    *("canal", "kanal", "youtube", "公式", "官方", "공식", "официальный", "チャンネル"),
)
"""Words of which `_CHANNEL` needs one; to look for them takes a tenth of its time."""
_CAMEL_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def without_channel(credit: str) -> str:
    """The credit without the words that a channel adds to a name ("Adele - Topic")."""
    credit = artist_of_topic(credit) or credit
    small = credit.casefold()
    if not any(word in small for word in _OF_CHANNELS):
        return credit.strip()
    if credit.endswith("VEVO") and " " not in credit:
        credit = _CAMEL_HUMP.sub(" ", credit.removesuffix("VEVO")) + "VEVO"
    while (bare := _CHANNEL.sub("", credit)) != credit and bare.strip():
        credit = bare
    return credit.strip()


def artist_of_topic(credit: str) -> str:
    """The artist of a generated channel; empty for any other credit."""
    if len(credit) > LONGEST or (credit.isascii() and "-" not in credit):
        return ""
    found = _LAST_DASH.match(credit.strip())
    return found[1] if found and tidy(found[2]) in _TOPICS else ""


def is_topic(credit: str) -> bool:
    """Whether this is a generated "Artist - Topic" channel with release titles."""
    return bool(artist_of_topic(credit))


def is_vevo(credit: str) -> bool:
    """Whether this is a label's channel for one artist, with titles "Artist - Song"."""
    return credit[-4:].lower() == "vevo"
