"""The words around the title of a watched video, in the language of the account.

A record's title is a sentence: "Watched Song A", "Song A angesehen", "Je hebt naar Song A gekeken".
All records of one archive are in one language, so the sentence is found from all of them together.
Where no known sentence fits, the words that all titles share are taken for it.

Source of the sentences: exports that users of public Takeout readers reported (for one,
github.com/atillaturkmen/youtube-rewind, src/util/supportedLanguages.js), and the language of
YouTube's own history page for the others.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile

_SENTENCES = """
Watched {}
{} angesehen
{} gesehen
Du hast {} angesehen
Vous avez regardé {}
Vous avez visionné {}
A regardé {}
Has visto {}
Viste {}
Se ha visto {}
Hai guardato {}
Hai visto {}
Você assistiu a {}
Assistiu a {}
Viu {}
Viste o vídeo {}
Je hebt naar {} gekeken
{} bekeken
Gekeken naar {}
Tittade på {}
Du har tittat på {}
Så {}
Så på {}
Du har set {}
Du så {}
Har set {}
Har sett på {}
Katsottu: {}
{} katsottiin
Katsoit videon {}
Þú horfðir á {}
Horfði á {}
Obejrzano: {}
Obejrzano {}
Obejrzałeś {}
Zhlédli jste video {}
Zhlédnuto: {}
Sledovali jste video {}
Pozreli ste si video {}
Pozreté: {}
Megnézett videó: {}
Megtekintve: {}
Megnézte: {}
Ați vizionat {}
Ai vizionat {}
Vizionat: {}
Гледахте {}
Просмотрено видео {}
Вы посмотрели {}
Ви дивилися відео {}
Переглянуто відео {}
Переглянуто {}
Вы прагледзелі відэа {}
Прагледжана: {}
Гледали сте {}
Gledali ste {}
Pogledali ste {}
Gledano: {}
Ogledali ste si {}
Ogledano: {}
Гледавте {}
Keni parë {}
Shikuat {}
Peržiūrėjote {}
Žiūrėta: {}
Skatījāties {}
Noskatīts: {}
Vaatasid videot {}
Vaadatud: {}
Παρακολουθήσατε το βίντεο {}
Παρακολουθήσατε {}
{} adlı videoyu izlediniz
{} izlendi
{} izlədiniz
{} izlənildi
{} videosuna baxdınız
{} видеосын көрдіңіз
{} көрілді
{} көрүлдү
{} koʻrildi
{} tomosha qilindi
Та {} үзсэн
თქვენ უყურეთ {}
ნანახია {}
Դուք դիտել եք {}
Դիտվել է {}
צפית ב-{}
צפית בסרטון {}
צפית ב{}
تمت مشاهدة {}
تمت مشاهدة {} .
لقد شاهدت {}
شاهدت {}
{} را تماشا کردید
را تماشا کردید {}
{} دیکھی
{} دیکھا
آپ نے {} دیکھا
{} देखा
{} देखा गया
आपने {} देखा
{} पाहिला
{} पाहिले
{} हेर्नुभयो
{} দেখা হয়েছে
{} দেখেছেন
{} જોયું
{} ਦੇਖਿਆ
{} ଦେଖିଲେ
{} பார்க்கப்பட்டது
{} பார்த்தீர்கள்
{} చూశారు
{} ವೀಕ್ಷಿಸಿದ್ದೀರಿ
{} കണ്ടു
{} නැරඹුවා
{} を視聴しました
{}を視聴しました
{} を見ました
{}을(를) 시청함
{}을(를) 시청했습니다.
{}을(를) 시청했습니다
{} 을(를) 시청함
{} 을(를) 시청했습니다.
{} 을(를) 시청했습니다
{} 시청함
观看了 {}
已观看 {}
观看过{}
您观看了 {}
已觀看 {}
已觀看「{}」
觀看了「{}」
觀看了 {}
您看過「{}」
ดู {}
ดูแล้ว {}
คุณดู {}
Đã xem {}
Bạn đã xem {}
Menonton {}
Telah menonton {}
Anda menonton {}
Ditonton {}
Anda telah menonton {}
Pinanood ang {}
Pinanood mo ang {}
Umetazama {}
Ulitazama {}
Jy het {} gekyk
Het {} gekyk
Het na {} gekyk
Ubuke i-{}
Has mirat {}
Has vist {}
Vas veure {}
Viches {}
Ikusi duzu {}
{} ikusi duzu
{} አይተዋል
{}ን ተመልክተዋል
បានមើល {}
ເບິ່ງ {}
{} ကို ကြည့်ခဲ့သည်
"""
"""What a watched video's title is set in, `{}` being the title; several of some languages."""

_OTHER_ACTIVITY = (
    "Searched for ",
    "Liked ",
    "Disliked ",
    "Saved ",
    "Shared ",
    "Subscribed to ",
    "Commented on ",
    "Voted on ",
    "Viewed ",
    "Visited ",
    "Added ",
    "Used ",
    "Answered ",
)
"""Of English accounts. Other languages tell them apart by the sentence that all the others have."""

_LEAST_TO_COMPARE = 3
"""Distinct titles whose common words are taken for a sentence."""
_MOST_TO_COMPARE = 20
_MARKS = str.maketrans({"\u200e": "", "\u200f": "", "\xa0": " ", "\u202f": " "})
_USUAL_SHARE = 0.5
"""The share of titles from which on one known sentence is taken for that of the archive."""

Sentence = tuple[str, str]
"""What stands before a title and what after it."""


def _sentence(pattern: str) -> Sentence:
    before, _, after = unicodedata.normalize("NFC", pattern).partition("{}")
    return before, after


SENTENCES = tuple(dict.fromkeys(map(_sentence, _SENTENCES.strip().splitlines())))


@dataclass(frozen=True, slots=True)
class Wording:
    """How one archive words that a video was watched.

    `sentences` are tried in order. `is_known` says that the first is that of the archive, so that a
    title in no known sentence is about something else.
    """

    sentences: Sequence[Sentence]
    is_known: bool

    def title_in(self, text: str) -> str:
        """The title of the video in the title of a record; empty where it was not watched."""
        plain = _plain(text)
        for sentence in (*self.sentences, *SENTENCES):
            if title := _within(plain, sentence):
                return title
        return "" if self.is_known or self.is_other_activity(text) else plain

    def is_other_activity(self, text: str) -> bool:
        return text.startswith(_OTHER_ACTIVITY)


def wording_of(titles: Iterable[str]) -> Wording:
    """The wording of `titles`, which are of one archive."""
    plain = list(islice(dict.fromkeys(map(_plain, titles)), _MOST_TO_COMPARE))
    known = Counter(sentence for title in plain for sentence in _fitting(title))
    # Of two sentences that fit as often, the longer one leaves less of it in the title.
    best = sorted(known, key=lambda one: (known[one], _length(one), one), reverse=True)
    if best and known[best[0]] >= _USUAL_SHARE * len(plain):
        forms = [one for one in best if _is_form_of(one, best[0])]
        return Wording(_longest_first(forms), is_known=True)
    shared = _shared(plain)
    return Wording([shared] if any(shared) else _longest_first(best), is_known=False)


def _fitting(title: str) -> list[Sentence]:
    return [sentence for sentence in SENTENCES if _within(title, sentence)]


def _is_form_of(sentence: Sentence, best: Sentence) -> bool:
    """Whether `sentence` is `best`, or a longer form of it ("Så på" beside "Så")."""
    return sentence[0].startswith(best[0]) and sentence[1].endswith(best[1])


def _shared(titles: Sequence[str]) -> Sentence:
    """The words that all `titles` begin and end with; none where there are too few to tell."""
    if len(titles) < _LEAST_TO_COMPARE:
        return "", ""
    before = _common_start(titles)
    after = _common_start([title[::-1] for title in titles])[::-1]
    before = before[: before.rfind(" ") + 1]
    after = after[after.find(" ") :] if " " in after else ""
    return before, after


def _common_start(texts: Sequence[str]) -> str:
    first, last = min(texts), max(texts)
    same = takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False))
    return "".join(character for character, _ in same)


def _within(title: str, sentence: Sentence) -> str:
    """What stands in `sentence`; empty where `title` is no such sentence."""
    before, after = sentence
    if not (title.startswith(before) and title.endswith(after)):
        return ""
    return _unquoted(title[len(before) : len(title) - len(after)].strip())


def _unquoted(title: str) -> str:
    for opening, closing in ("„“", "“”", "«»", "「」"):
        if title.startswith(opening) and title.endswith(closing) and len(title) > 2:
            return title[1:-1].strip()
    return title


def _longest_first(sentences: Iterable[Sentence]) -> list[Sentence]:
    return sorted(sentences, key=_length, reverse=True)


def _length(sentence: Sentence) -> int:
    return len(sentence[0]) + len(sentence[1])


def _plain(text: str) -> str:
    """`text` composed, without marks of direction and with plain spaces."""
    return unicodedata.normalize("NFC", text).translate(_MARKS).strip()
