"""Words that distinguish versions of a song, and words that only decorate its title."""


def _listed(spaced: str) -> frozenset[str]:
    return frozenset(spaced.split())


VIDEO = _listed(
    """
    official oficial officiel officielle offizielles offiziell ufficiale oficjalny officieel
    officiele officiell oficialni hivatalos resmi virallinen επισημο официальный официальное
    официальная официальний официален رسمي الرسمي הרשמי
    video videos vid videoclip videoclipe clip clipe klip klipi klippe videoklip videosu mv pv
    musikvideo musicvideo musikkvideo muziekvideo muzikvideo teledysk visualiser visualizer
    visualizador audio audios lyric lyrics lyrical lyricvideo letra letras lirik paroles testo
    songtext songteksten tekst sozleri testi kalimat
    клип клипа видео видеоклип видеоклипа аудио текст слова лирик премьера премєра кліп відео
    κλιπ βιντεο στιχοι كليب فيديو كلمات קליפ הקליפ מילים
    hd hq uhd 4k 8k 720p 1080p vevo premiere estreno legendado legendada subtitulado subtitulada
    subtitulos sub subs traducida traducao traduzione upgrade fmv
    """
)
"""Marks of video sites."""
DECORATIONS = VIDEO | _listed(
    """
    album bonus censored clean deluxe dirty edit edited ep expanded explicit explicita explicito lp
    mono original originale originalversion radio remaster single soundtrack stereo stream tm
    uncensored anniversary reissue edition
    """
)
"""Words that do not identify the recording."""
GLUE = _listed(
    """
    a an and at by for from in of on only the to up ver version with
    de del la el en le les du des der die das im auf na на в und et di da do em
    """
)
"""Words that never distinguish versions."""
NEUTRAL = GLUE | _listed(
    """
    cut digital edition full inch main mix music new song sub track 7 years year super special
    complete bit box set not short limited collectors
    aniversario anniversaire jubilaum edicion edicao edizione ausgabe издание disc cd
    inches vinyl film exclusive now out available
    """
)
"""Words that can accompany decoration."""
MIXES = _listed("album main mix new mono original radio single stereo the version video")
"""Words before "mix" that make no new version; all others do."""
LANGUAGES = {
    "english": "english ingles inglesa anglais anglaise englisch englische inglese engels"
    " ingilizce английская английском angielska 英语 英语 英文 영어 אנגלית",
    "spanish": "spanish espanol espanola espagnol spanisch spanische castellano spagnolo"
    " spagnola испанская испанском スペイン语 西班牙语 스페인어",
    "french": "french frances francesa francais francaise franzosisch franzosische francese"
    " французская французском フランス语 法语 불어",
    "german": "german aleman alemana allemand deutsch deutsche tedesco tedesca немецкая"
    " немецком ドイツ语 독일어",
    "italian": "italian italiano italiana italien italienne italienisch italienische"
    " итальянская итальянском イタリア语",
    "portuguese": "portuguese portugues portuguesa portugais portugiesisch portoghese",
    "japanese": "japanese japones japonesa japonais japonaise japanisch japanische"
    " jpn jp 日本语 日语 日文 일본어 японская японском",
    "korean": "korean coreano coreana coreen koreanisch koreanische kor kr 韩国语 韩语 韩文"
    " 韩语 한국어 корейская корейском",
    "chinese": "chinese chino chinois chinesisch chn 中国语 中文 중국어 китайская",
    "mandarin": "mandarin 国语 国语",
    "cantonese": "cantonese 粤语 粵语",
    "russian": "russian ruso russe russisch russische rus русская русском русский ロシア语",
    "ukrainian": "ukrainian украинская українська украинском українською",
    "hindi": "hindi हिंदी हिन्दी",
    "tamil": "tamil தமிழ்",
    "telugu": "telugu తెలుగు",
    "malayalam": "malayalam",
    "kannada": "kannada",
    "bengali": "bengali bangla বাংলা",
    "punjabi": "punjabi panjabi",
    "arabic": "arabic arabe arabisch العربيه عربي арабская",
    "hebrew": "hebrew עברית",
    "turkish": "turkish turkce turkisch",
    "polish": "polish polska polsku polnisch",
    "dutch": "dutch nederlands nederlandse niederlandisch",
    "swedish": "swedish svenska schwedisch",
    "greek": "greek ελληνικα ελληνικη griechisch",
    "indonesian": "indonesian indonesia",
    "thai": "thai ไทย",
    "vietnamese": "vietnamese viet",
    "latin": "latin",
    "spanglish": "spanglish",
}
"""A recording in another language is another version."""
KINDS = _listed(
    """
    8d acapella acoustic alternate bootleg cover demo dub extended instrumental karaoke live lofi
    mashup nightcore orchestral outtake parody rehearsal remake remix reprise rerecorded reverb
    rework reworked session slowed sped stripped symphonic take unplugged vip megamix medley
    chopped screwed reimagined tvsize
    """
)
"""Words that make a version."""
ENDINGS = KINDS | _listed("edit flip mix refix singles ver version solo overdubs")
"""A part that ends with one of these is a version."""
STARTS = KINDS - _listed("cover dub live reprise session stripped take medley")
"""A part that starts with one of these is a version."""
ALONE = (
    KINDS
    | frozenset(LANGUAGES)
    | _listed(
        """
        piano guitar strings orchestra orchestre orquesta choir solo duet duo trio band vocal
        vocals acoustics intro outro interlude prelude epilogue overture opening ending theme skit
        early rough alternative alternate mix remixes club dance dj piano violin cello
        organ house techno trap jazz rock metal bossa nova reggae drill phonk afro latin
        short long movie tv size type another
        """
    )
)
"""A part of nothing but these and neutral words is a version."""
_SPELLINGS = {
    "acoustic": """
        acoustique acustica acustico akustik akustisch akustische akustyczna akustycznie akusticka
        akusztikus akoestisch акустика акустическая акустический акустична اكوستيك ακουστικο אקוסטי
        """,
    "album": "albumversion albumversjon albumversio albumversionen",
    "alternate": "alternative alternativo alternativa alternativ",
    "cover": "кавер kaver covers coverversion",
    "demo": "демо демка maqueta demos",
    "extended": "extendida extendido расширенная",
    "instrumental": "inst instrumentale instrumentalna instrumentaal инструментал инструментальная",
    "karaoke": "караоке كاريوكي קריוקי минус минусовка playback",
    "live": """
        концерт концертная концертный концерта концерті концертне лайв canli koncertowa koncertowe
        zivak uzivo nazivo ζωντανα ζωντανη حفله حفل حفلات לייב בהופעה наживо вживую
        สด liveversion liveaufnahme livefassung livemitschnitt
        """,
    "mix": "mixes mezcla",
    "orchestra": "orchestre orquesta orchester orkest",
    "outtake": "outtakes",
    "remaster": """
        remastered remasters remasterizado remasterizada remasteriza remasterise remasterisee
        remasterisiert remasterizzato remasterizzata remastering remasteroitu remasterizacion
        remastrad remasterd geremasterd zremasterowany ремастер ремастеринг ремастированный
        ремастированная ремастированное
        """,
    "remix": "remixed remixe rmx ремикс ремікс ريمكس رمكس रीमिक्स",
    "session": "sessions sesion sessao sessione сессия",
    "single": "singleversion singlefassung",
    "slowed": "замедленная",
    "sped": "ускоренная spedup",
    "take": "takes toma",
    "version": """
        versione versiyon versiyonu versao wersja verze verzio verzija versja versie versio
        versiunea vers fassung версия версія версии верзија نسخه גרסה גרסת εκδοση
        """,
}
SAME = {
    spelling: meaning
    for meaning, spellings in (*LANGUAGES.items(), *_SPELLINGS.items())
    for spelling in spellings.split()
}
"""Other spellings and languages, word by word."""
PHRASES = {
    "a capella": "acapella",
    "a cappella": "acapella",
    "acappella": "acapella",
    "tv size": "tvsize",
    "tv edit": "tvsize",
    "tv version": "tvsize",
    "tv ver": "tvsize",
    "ao vivo": "live",
    "ziva verze": "live",
    "dal vivo": "live",
    "en directo": "live",
    "en vivo": "live",
    "en concert": "live",
    "en public": "live",
    "en concierto": "live",
    "em concerto": "live",
    "in concerto": "live",
    "in concert": "live",
    "im konzert": "live",
    "na zywo": "live",
    "na zivo": "live",
    "elo felvetel": "live",
    "elo koncert": "live",
    "pa svenska": "swedish",
    "lo fi": "lofi",
    "off vocal": "instrumental",
    "re recorded": "rerecorded",
    "re mastered": "remaster",
    "re mixed": "remix",
    "dance practice": "video",
    "out now": "official",
    "sarki sozleri": "lyrics",
    "re recording": "rerecorded",
    "speed up": "sped",
    "speeded up": "sped",
    "sped up": "sped",
    "vip mix": "vip",
    "con letra": "letra",
    "avec paroles": "paroles",
    "mit text": "lyrics",
    "lirik video": "lyric video",
    "loi bai hat": "lyrics",
    "bonus track": "bonus",
    "pista adicional": "bonus",
    "titre bonus": "bonus",
    "faixa bonus": "bonus",
    "banda sonora": "soundtrack",
    "bande originale": "soundtrack",
    "colonna sonora": "soundtrack",
    "trilha sonora": "soundtrack",
    # Scripts without word breaks, and those that inflect
    "アコースティック": " acoustic ",
    "インストゥルメンタル": " instrumental ",
    "インスト": " instrumental ",
    "オリジナル": " original ",
    "カラオケ": " karaoke ",
    "カバー": " cover ",
    "バージョン": " version ",
    "ヴァージョン": " version ",
    "ミックス": " mix ",
    "ライブ": " live ",
    "ライヴ": " live ",
    "リミックス": " remix ",
    "リマスター": " remaster ",
    "リマスタリング": " remaster ",
    "弾き语り": " acoustic ",
    "ピアノ": " piano ",
    "デモ": " demo ",
    "英语": " english ",
    "日本语": " japanese ",
    "韩国语": " korean ",
    "中国语": " chinese ",
    "ミュージックビデオ": " music video ",
    "ミュージック ビデオ": " music video ",
    "公式": " official ",
    "リリックビデオ": " lyric video ",
    "歌词付き": " lyrics ",
    "歌词": " lyrics ",
    "オフィシャル": " official ",
    "伴奏": " instrumental ",
    "现场": " live ",
    "演唱会": " live ",
    "翻唱": " cover ",
    "混音": " remix ",
    "不插电": " unplugged ",
    "官方": " official ",
    "完整": " full ",
    "高清": " hd ",
    "动态": " lyric ",
    "字幕": " sub ",
    "国语": " mandarin ",
    "粤语": " cantonese ",
    "英文": " english ",
    "中文": " chinese ",
    "日文": " japanese ",
    "韩文": " korean ",
    "韩语": " korean ",
    "版": " version ",
    "라이브": " live ",
    "리믹스": " remix ",
    "리마스터": " remaster ",
    "어쿠스틱": " acoustic ",
    "버전": " version ",
    "인스트루멘탈": " instrumental ",
    "반주": " instrumental ",
    "커버": " cover ",
    "뮤직비디오": " music video ",
    "뮤비": " music video ",
    "공식": " official ",
    "가사": " lyrics ",
    "한국어": " korean ",
    "일본어": " japanese ",
    "영어": " english ",
    "คอนเสิร์ต": " live ",
    "แสดงสด": " live ",
    "บันทึกการแสดงสด": " live ",
    "เนื้อเพลง": " lyrics ",
    "คาราโอเกะ": " karaoke ",
    "อะคูสติก": " acoustic ",
    "เวอร์ชั่น": " version ",
    "เวอร์ชัน": " version ",
    "लाइव": " live ",
    "живое исполнение": "live",
    "живой звук": "live",
}
"""The same for phrases, and for scripts that part no words (spaces around the meaning)."""
