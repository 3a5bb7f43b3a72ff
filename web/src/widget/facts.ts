import { html, nothing, type TemplateResult } from "lit";

import type { TopList } from "../api/top-list.ts";
import { weekday } from "../words/when.ts";
import type { Words } from "../words/words.ts";

/** How old a list is and how far it is known, where that needs to be said. */
export function facts(list: TopList, words: Words, language: string): TemplateResult {
  const { completeDays, ofDays } = list;
  const old = list.stale && list.asOf;
  return html`${old
    ? html`<span>${words.asOf(weekday(list.asOf, language, Date.now()))}</span>`
    : nothing}
  ${completeDays < ofDays
    ? html`<span class="warn" title=${words.incompleteHint}
        >${words.complete(completeDays, ofDays)}</span
      >`
    : nothing}`;
}
