import type { Words } from "./words.ts";

const RULES = new Intl.PluralRules("ar");
const PLAYS: Readonly<Record<string, (shown: string) => string>> = {
  zero: () => "لا استماع",
  one: () => "استماع واحد",
  two: () => "استماعان",
  few: (shown) => `${shown} استماعات`,
  many: (shown) => `${shown} استماعًا`,
};
const WEEKS: Readonly<Record<string, (weeks: number) => string>> = {
  two: () => "أسبوعان",
  few: (weeks) => `${weeks} أسابيع`,
};
const OF: Readonly<Record<string, string>> = {
  artists: "أكثر الفنانين استماعًا",
  albums: "أكثر الألبومات استماعًا",
};
const SPANS: Readonly<Record<string, string>> = {
  today: " اليوم",
  "7d": " هذا الأسبوع",
  "4w": " في أربعة أسابيع",
  "6m": " في ستة أشهر",
  "1y": " في سنة",
};

const words: Words = {
  heading: "الأكثر استماعًا هذا الأسبوع",
  headingOf: (of, window) => `${OF[of] ?? "أكثر الأغاني استماعًا"}${SPANS[window] ?? ""}`,
  songs: "الأغاني",
  artists: "الفنانون",
  albums: "الألبومات",
  show: "عرض",
  today: "اليوم حتى الآن",
  loading: "يجري تحميل الأغاني",
  slow: "يستغرق هذا وقتًا أطول من المعتاد.",
  empty: "لا استماع بعد",
  emptyHint: "تظهر الأغاني هنا بعد سماعها بقليل.",
  first: "قائمتك تبدأ هنا",
  firstHint: "اربط حساب موسيقى، أو استورد سجلّك، أو دع مشغّلًا يرسل ما يشغّله.",
  connect: "ربط حساب",
  importHistory: "استيراد سجلّ",
  addPlayer: "إعداد مشغّل",
  reading: "تجري قراءة أول ما استمعت إليه",
  readingHint: "تمتلئ القائمة تلقائيًا خلال بضع دقائق.",
  reconnect: (providers) => `أعد ربط ${providers}`,
  notAvailable: "هذه القائمة غير متاحة.",
  offline: "أنت غير متصل. تعود القائمة عند عودة الاتصال.",
  down: "يتعذر الوصول إلى القائمة حاليًا.",
  unreadable: "تعذرت قراءة القائمة.",
  signedOut: "سجّل الدخول مجددًا لرؤية هذه القائمة.",
  limited: "كثيرون يشاهدون الآن.",
  again: "إعادة المحاولة",
  inSeconds: (seconds) => `المحاولة التالية بعد ${seconds} ث.`,
  asOf: (day) => `حتى ${day}`,
  complete: (days, of) => `${days} من ${of} أيام`,
  incompleteHint: "قد ينقص بعض ما سُمع هذا الأسبوع.",
  notRefreshed: "لم تُحدَّث",
  plays: (plays, shown) => PLAYS[RULES.select(plays)]?.(shown) ?? `${shown} استماع`,
  listeners: (people) => `${people}+ أشخاص`,
  isNew: "جديد",
  rose: (places) => (places ? `صعود ${places}` : "صعود"),
  fell: (places) => (places ? `هبوط ${places}` : "هبوط"),
  atTop: (weeks) => `${WEEKS[RULES.select(weeks)]?.(weeks) ?? `${weeks} أسبوعًا`} في الصدارة`,
  playedOn: (providers) => `سُمعت على ${providers}`,
  opens: "يفتح في علامة تبويب جديدة",
  playsFrom: "الاستماع من",
  hidden: "مخفية عن الآخرين",
  share: "مشاركة",
  copyLink: "نسخ الرابط",
  copied: "نُسخ الرابط",
  picture: "حفظ الصورة",
};

export default words;
