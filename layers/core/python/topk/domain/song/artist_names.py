"""Names of artists that no rule can read: bands of several names, and artists known by two.

Any credit is cut at its first "&", "and", comma or "x", the same way at every provider, so a band
that is missing in BANDS still gets one id; it would only share it with a namesake of its first
word. An artist missing in ALIASES gets one id for each of their names, unless they sound alike.
"""

BANDS = frozenset(
    {
        "above and beyond",
        "angus and julia stone",
        "belle and sebastian",
        "black country, new road",
        "blood, sweat and tears",
        "brooks and dunn",
        "c and c music factory",
        "chase and status",
        "crosby, stills and nash",
        "crosby, stills, nash and young",
        "dan and shay",
        "daryl hall and john oates",
        "earth, wind and fire",
        "emerson, lake and palmer",
        "florence and the machine",
        "for king and country",
        "guns and roses",
        "hall and oates",
        "iron and wine",
        "kool and the gang",
        "macklemore and ryan lewis",
        "man with a mission",
        "mumford and sons",
        "nico and vinz",
        "of monsters and men",
        "peter, bjorn and john",
        "peter, paul and mary",
        "sam and dave",
        "she and him",
        "simon and garfunkel",
        "sleeping with sirens",
        "sly and the family stone",
        "sonny and cher",
        "tegan and sara",
        "tyler, the creator",
        "years and years",
    }
)

NOBODY = frozenset(
    name.strip()
    for line in """
    music library uploads = various artists = various = unknown artist = unknown = va
    varios artistas = varios interpretes = artistes divers = vari artisti = artisti vari
    various interprets = verschiedene interpreten = verschiedene kunstler = diverse artiesten
    rozni wykonawcy = разные исполнители = неизвестный исполнитель = ヴァリアス アーティスト
    群星 = 여러 아티스트 = artista desconocido = artiste inconnu = unbekannter interpret
    unbekannter kunstler = sconosciuto = artista desconhecido
    """.strip().splitlines()
    for name in line.split("=")
)
"""What stands for an artist where a provider knows none; in the words of a credit."""
RELEASES = frozenset(
    [
        "release",
        "lanzamiento",
        "veroffentlichung",
        "sortie",
        "uscita",
        "lancamento",
        "релиз",
        "リリース",
        "발매",
        "発売",
    ]
)
"""YouTube's generated channel for uploads without an artist, "Release - Topic", by language."""

_TWO_NAMES = """
bts = 방탄소년단 = bangtan boys = 防弹少年团
iu = 아이유
girls generation = 소녀시대 = snsd
super junior = 슈퍼주니어
tvxq = 동방신기 = 东方神起 = tohoshinki
seventeen = 세븐틴
stray kids = 스트레이 키즈
red velvet = 레드벨벳
exo = 엑소
nct dream = 엔시티 드림
nct 127 = 엔시티 127
twice = 트와이스
itzy = 있지
ive = 아이브
le sserafim = 르세라핌
g i dle = 여자 아이들 = 아이들 = i dle
newjeans = 뉴진스
blackpink = 블랙핑크
bigbang = 빅뱅
2ne1 = 투애니원
shinee = 샤이니
got7 = 갓세븐
txt = tomorrow x together = 투모로우바이투게더
day6 = 데이식스
akmu = akdong musician = 악뮤 = 악동뮤지션
psy = 싸이
taeyeon = 태연
zico = 지코
dean = 딘
crush = 크러쉬
heize = 헤이즈
bolbbalgan4 = 볼빨간사춘기 = bol4
jannabi = 잔나비
10cm = 십센치
aespa = 에스파
mamamoo = 마마무
baekhyun = 백현
lim young woong = 임영웅
kenshi yonezu = 米津玄师
hikaru utada = 宇多田ヒカル = utada hikaru = utada
ayumi hamasaki = 浜崎あゆみ
namie amuro = 安室奈美恵
sheena ringo = 椎名林檎 = ringo sheena = shiina ringo
tokyo jihen = 东京事变
yumi matsutoya = 松任谷由実
miyuki nakajima = 中岛みゆき
yoko takahashi = 高桥洋子
joe hisaishi = 久石让
ryuichi sakamoto = 坂本龙一
gen hoshino = 星野源
fujii kaze = 藤井风
aimyon = あいみょん
official hige dandism = official髭男dism = higedan
king gnu = キングヌー
zutomayo = ずっと真夜中でいいのに
yorushika = ヨルシカ
yoasobi = ヨアソビ
sekai no owari = 世界の终わり
back number = バックナンバー
spitz = スピッツ
mr children = ミスターチルドレン
southern all stars = サザンオールスターズ
radwimps = ラッドウィンプス
bump of chicken = バンプオブチキン
kyary pamyu pamyu = きゃりーぱみゅぱみゅ
perfume = パフューム
babymetal = ベビーメタル
maximum the hormone = マキシマム ザ ホルモン
masayoshi yamazaki = 山崎まさよし
mariya takeuchi = 竹内まりや
tatsuro yamashita = 山下达郎
anri = 杏里
miki matsubara = 松原みき
takako mamiya = 间宫贵子
seiko matsuda = 松田圣子
akina nakamori = 中森明菜
tatsuya kitani = キタニタツヤ
vaundy = バウンディ
creepy nuts = クリーピーナッツ
seiko oomori = 大森靖子
jay chou = 周杰伦
jj lin = 林俊杰
gem = 邓紫棋
eason chan = 陈奕迅
faye wong = 王菲
teresa teng = 邓丽君
a mei = 张惠妹
stefanie sun = 孙燕姿
jolin tsai = 蔡依林
mayday = 五月天
andy lau = 刘德华
jacky cheung = 张学友
leslie cheung = 张国荣
li ronghao = 李荣浩
wang leehom = 王力宏 = leehom wang
david tao = 陶喆
hebe tien = 田馥甄
sodagreen = 苏打绿
joker xue = 薛之谦
hua chenyu = 华晨宇
eric chou = 周兴哲
wakin chau = 周华健 = emil chau
jonathan lee = 李宗盛
lo ta yu = 罗大佑
cui jian = 崔健
umm kulthum = ام كلثوم = oum kalthoum = om kalthoum = oum kalsoum
abdel halim hafez = عبد الحليم حافظ = abdelhalim hafez
kadim al sahir = كاظم الساهر = kazem al saher
mohammed abdu = محمد عبده
mashrou leila = مشروع ليلي
cairokee = كايروكي
tamer hosny = تامر حسني
nancy ajram = نانسي عجرم
elissa = اليسا
kino = кино
viktor tsoi = виктор цой
ddt = ддт
zemfira = земфира
mumiy troll = мумий тролль
nautilus pompilius = наутилус помпилиус
akvarium = аквариум = aquarium
okean elzy = океан ельзи
t a t u = тату = tatu
leningrad = ленинград
splean = сплин
basta = баста
oxxxymiron = оксимирон
timati = тимати
morgenshtern = моргенштерн
zivert = зиверт
alla pugacheva = алла пугачева = alla pugachova
monetochka = монеточка
antokha mc = антоха мс
molchat doma = молчат дома
serebro = серебро
nikos vertis = νικοσ βερτησ
haris alexiou = χαρισ αλεξιου = haroula alexiou
anna vissi = αννα βισση
giorgos dalaras = γιωργοσ νταλαρασ = george dalaras
mikis theodorakis = μικησ θεοδωρακησ
a r rahman = ar rahman = ए आर रहमान
lata mangeshkar = लता मंगेशकर
kishore kumar = किशोर कुमार
shreya ghoshal = श्रेया घोषाल
arijit singh = अरिजीत सिंह
anirudh ravichander = anirudh = அனிருத் ரவிச்சந்தர்
ilaiyaraaja = ilayaraja = இளையராஜா
carabao = คาราบาว
bodyslam = บอดี้สแลม
tchaikovsky = чайковский = pyotr ilyich tchaikovsky = peter ilyich tchaikovsky
rachmaninoff = rachmaninov = sergei rachmaninoff = рахманинов
shostakovich = dmitri shostakovich = шостакович
mozart = wolfgang amadeus mozart = w a mozart
beethoven = ludwig van beethoven
bach = johann sebastian bach = j s bach
chopin = frederic chopin = fryderyk chopin
pink = p nk
kesha = ke ha
atarashii gakko = 新しい学校のリーダーズ
necry talkie = ネクライトーキー
amr diab = عمرو دياب
"""

ALIASES = {
    name.strip(): names[0].strip()
    for names in (line.split("=") for line in _TWO_NAMES.strip().splitlines())
    for name in names[1:]
}
"""The one name of an artist for each of their others, in the words of a credit."""
