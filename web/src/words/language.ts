import { ENGLISH } from "./english.ts";
import { GERMAN } from "./german.ts";
import type { Words } from "./words.ts";

const LANGUAGES: Readonly<Record<string, Words>> = { en: ENGLISH, de: GERMAN };

/** The language of an element: its own `lang`, that of what it stands in, or English. */
export function languageOf(element: HTMLElement): string {
  const language = element.closest("[lang]")?.getAttribute("lang") ?? document.documentElement.lang;
  try {
    return Intl.getCanonicalLocales(language)[0] ?? "en";
  } catch {
    return "en";
  }
}

/** The phrases of `language`, English where there are none, with the host's own in front. */
export function wordsIn(language: string, own: Partial<Words> = {}): Words {
  return { ...(LANGUAGES[language.split("-")[0] ?? ""] ?? ENGLISH), ...own };
}
