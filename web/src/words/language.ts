import type { LitElement } from "lit";

import { ENGLISH } from "./english.ts";
import { Phrases } from "./phrases.ts";
import type { Words } from "./words.ts";

const WORDS = new Phrases<Words>(ENGLISH, {
  ar: () => import("./arabic.ts"),
  de: () => import("./german.ts"),
  es: () => import("./spanish.ts"),
  fr: () => import("./french.ts"),
  hi: () => import("./hindi.ts"),
  ja: () => import("./japanese.ts"),
  pt: () => import("./portuguese.ts"),
});

/** The phrases of `language`, with the host's own in front; undefined while they are loaded. */
export function wordsIn(
  host: LitElement,
  language: string,
  own: Partial<Words> = {},
): Words | undefined {
  const words = WORDS.for(host, language);
  return words && { ...words, ...own };
}

/** The language of an element: its own `lang`, that of what it stands in, or English. */
export function languageOf(element: Element): string {
  try {
    return Intl.getCanonicalLocales(declared(element))[0] ?? "en";
  } catch {
    return "en";
  }
}

function declared(element: Element): string {
  // The property first: an element is rendered before its attribute follows.
  const own = element instanceof HTMLElement ? element.lang : "";
  const language = own || element.closest("[lang]")?.getAttribute("lang");
  if (language) return language;
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? declared(root.host) : document.documentElement.lang;
}
