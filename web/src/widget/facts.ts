import { html, nothing, type TemplateResult } from "lit";

import type { TopList } from "../api/top-list.ts";
import { weekday } from "../words/when.ts";
import type { Words } from "../words/words.ts";

/** How old a list is and how far it is known, where that needs to be said. */
export function facts(list: TopList, words: Words, language: string): TemplateResult {
  const { completeDays, ofDays } = list;
  if (list.provisional) return html`<bdi>${words.today}</bdi>`;
  const known = completeDays > 0 || list.songs.length > 0;
  const old = list.stale && list.asOf;
  return html`${old
    ? html`<bdi>${words.asOf(weekday(list.asOf, language, Date.now()))}</bdi>`
    : nothing}
  ${known && completeDays < ofDays
    ? html`<bdi class="warn" title=${words.incompleteHint}
        >${words.complete(completeDays, ofDays)}</bdi
      >`
    : nothing}`;
}
