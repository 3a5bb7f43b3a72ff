"""The languages of Google accounts, and how their activity says that a video was watched.

Source: exports in these languages that users of public Takeout readers reported (for one,
github.com/atillaturkmen/youtube-rewind), and for the others the wording of YouTube's own pages.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Language:
    """`sentence` has `{}` in place of the title."""

    code: str
    sentence: str

    def watched(self, title: str) -> str:
        return self.sentence.replace("{}", title)


ENGLISH = Language("en", "Watched {}")
OTHERS = (
    Language("de", "{} angesehen"),
    Language("fr", "Vous avez regardé {}"),
    Language("es", "Has visto {}"),
    Language("it", "Hai guardato {}"),
    Language("pt", "Você assistiu a {}"),
    Language("nl", "Je hebt naar {} gekeken"),
    Language("sv", "Tittade på {}"),
    Language("da", "Så {}"),
    Language("no", "Så på {}"),
    Language("fi", "{} katsottiin"),
    Language("is", "Þú horfðir á {}"),
    Language("pl", "Obejrzano: {}"),
    Language("cs", "Zhlédli jste video {}"),
    Language("sk", "Pozreli ste si video {}"),
    Language("hu", "Megnézett videó: {}"),
    Language("ro", "Ați vizionat {}"),
    Language("bg", "Гледахте {}"),
    Language("ru", "Просмотрено видео {}"),
    Language("uk", "Ви дивилися відео {}"),
    Language("sr", "Гледали сте {}"),
    Language("hr", "Gledali ste {}"),
    Language("sl", "Ogledali ste si {}"),
    Language("sq", "Keni parë {}"),
    Language("lt", "Peržiūrėjote {}"),
    Language("lv", "Skatījāties {}"),
    Language("et", "Vaatasid videot {}"),
    Language("el", "Παρακολουθήσατε το βίντεο {}"),
    Language("tr", "{} adlı videoyu izlediniz"),
    Language("az", "{} izlənildi"),
    Language("he", "צפית ב-{}"),
    Language("ar", "تمت مشاهدة {}"),
    Language("fa", "{} را تماشا کردید"),
    Language("ur", "{} دیکھی"),
    Language("hi", "{} देखा"),
    Language("bn", "{} দেখা হয়েছে"),
    Language("ja", "{} を視聴しました"),
    Language("ko", "{}을(를) 시청함"),
    Language("zh", "观看了 {}"),
    Language("th", "ดู {}"),
    Language("vi", "Đã xem {}"),
    Language("id", "Menonton {}"),
    Language("fil", "Pinanood ang {}"),
)
