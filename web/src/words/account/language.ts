import type { LitElement } from "lit";

import { Phrases } from "../phrases.ts";
import { ENGLISH } from "./english.ts";
import type { AccountWords } from "./words.ts";

const WORDS = new Phrases<AccountWords>(ENGLISH, {
  ar: () => import("./arabic.ts"),
  de: () => import("./german.ts"),
  es: () => import("./spanish.ts"),
  fr: () => import("./french.ts"),
  hi: () => import("./hindi.ts"),
  ja: () => import("./japanese.ts"),
  pt: () => import("./portuguese.ts"),
});

/** The phrases of `language`; undefined while they are loaded. */
export function accountWordsIn(host: LitElement, language: string): AccountWords | undefined {
  return WORDS.for(host, language);
}
