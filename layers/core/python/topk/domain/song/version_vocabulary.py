"""The words by which providers tell versions of a song apart, or only decorate its title."""


def _listed(spaced: str) -> frozenset[str]:
    return frozenset(spaced.split())


VIDEO = _listed(
    """
    official oficial officiel offizielles ufficiale video videos vid videoclip clip clipe mv
    musikvideo visualiser visualizer audio lyric lyrics letra paroles hd hq uhd 4k 8k 720p 1080p
    vevo premiere legendado subtitulado upgrade
    """
)
"""Marks of video sites."""
DECORATIONS = VIDEO | _listed(
    """
    album bonus censored clean deluxe dirty edit edited ep expanded explicit lp mono original radio
    remaster single soundtrack stereo stream tm uncensored
    """
)
"""Say nothing about which recording it is."""
GLUE = _listed("a an and at by for from in of on only the to up ver version with")
"""Never tell one version from another."""
NEUTRAL = GLUE | _listed(
    "anniversary cut digital edition full inch main mix music new song sub track 7"
)
"""May stand beside decoration without changing what it says."""
MIXES = _listed("album main mix mono original radio single stereo the version video")
"""Of a mix these make no new version; any other word does."""
KINDS = _listed(
    """
    8d acapella acoustic alternate bootleg cover demo dub extended instrumental karaoke live lofi
    mashup nightcore orchestral outtake parody rehearsal remake remix reprise rerecorded reverb
    rework reworked session slowed sped stripped symphonic take unplugged vip
    """
)
"""Set a version apart."""
ENDINGS = KINDS | _listed("edit flip mix refix singles ver version")
"""A part that ends in one of these is a version."""
STARTS = KINDS - _listed("cover dub live reprise session stripped take")
"""So is one that begins with one of these."""
SAME = {
    "acoustique": "acoustic",
    "acustica": "acoustic",
    "acustico": "acoustic",
    "akustik": "acoustic",
    "inst": "instrumental",
    "remastered": "remaster",
    "remasterizado": "remaster",
    "remixed": "remix",
    "rmx": "remix",
    "sessions": "session",
}
"""Other spellings and languages, word by word."""
PHRASES = {
    "a capella": "acapella",
    "a cappella": "acapella",
    "acappella": "acapella",
    "ao vivo": "live",
    "dal vivo": "live",
    "en directo": "live",
    "en vivo": "live",
    "lo fi": "lofi",
    "off vocal": "instrumental",
    "re recorded": "rerecorded",
    "speed up": "sped",
    "sped up": "sped",
    "spedup": "sped",
    "vip mix": "vip",
    # Scripts without word breaks, and those that inflect
    "アコースティック": " acoustic ",
    "インストゥルメンタル": " instrumental ",
    "インスト": " instrumental ",
    "カラオケ": " karaoke ",
    "カバー": " cover ",
    "バージョン": " version ",
    "ライブ": " live ",
    "ライヴ": " live ",
    "リミックス": " remix ",
    "弾き語り": " acoustic ",
    "伴奏": " instrumental ",
    "現場": " live ",
    "现场": " live ",
    "版": " version ",
    "라이브": " live ",
    "리믹스": " remix ",
    "어쿠스틱": " acoustic ",
    "버전": " version ",
    "акустика": "acoustic",
    "караоке": "karaoke",
    "кавер": "cover",
    "ремикс": "remix",
    "версия": "version",
}
"""The same for phrases, and for scripts that part no words (spaces around the meaning)."""
