const DAY_MS = 86_400_000;

/** `day` (YYYY-MM-DD) as a weekday, or as a date where it is more than six days before `now`. */
export function weekday(day: string, language: string, now: number): string {
  const moment = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(moment)) return day;
  const recent = now - moment < 7 * DAY_MS && now >= moment;
  const shape: Intl.DateTimeFormatOptions = recent
    ? { weekday: "long" }
    : { day: "numeric", month: "long" };
  return new Intl.DateTimeFormat(language, { ...shape, timeZone: "UTC" }).format(moment);
}

const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** How long ago, or ahead, a moment (epoch seconds) is: "2 hours ago", "in 3 days". */
export function distance(moment: number, language: string, now: number): string {
  const seconds = moment - now / 1000;
  const format = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  const [unit, length] = UNITS.find(([, size]) => Math.abs(seconds) >= size) ?? ["minute", 60];
  return format.format(Math.trunc(seconds / length), unit);
}

/** The days from `start` up to `end` (epoch seconds, exclusive): "14 – 20 Nov"; empty where they are unknown. */
export function days(start: number, end: number, timeZone: string, language: string): string {
  if (!end || end <= start) return "";
  try {
    const shape: Intl.DateTimeFormatOptions = { day: "numeric", month: "short", timeZone };
    return new Intl.DateTimeFormat(language, shape).formatRange(start * 1000, (end - 1) * 1000);
  } catch {
    return "";
  }
}
