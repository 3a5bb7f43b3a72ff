import { html, nothing, type TemplateResult } from "lit";

import type { TopList } from "../api/top-list.ts";
import { providerName } from "../look/providers.ts";
import { days, weekday } from "../words/when.ts";
import type { Words } from "../words/words.ts";

/** The days and plays of a list, how old it is, and to its owner how far it is known. */
export function facts(
  list: TopList,
  words: Words,
  language: string,
  accounts = "",
): TemplateResult {
  const when = list.songs.length ? span(list, words, language) : "";
  const plays = list.songs.reduce((sum, song) => sum + song.plays, 0);
  const old = list.stale && list.asOf;
  return html`${when ? html`<bdi>${when}</bdi>` : nothing}
  ${plays ? html`<bdi>${words.plays(plays, number(plays, language))}</bdi>` : nothing}
  ${old ? html`<bdi>${words.asOf(weekday(list.asOf, language, Date.now()))}</bdi>` : nothing}
  ${list.attention ? toOwner(list, words, language, accounts) : nothing}`;
}

function span(list: TopList, words: Words, language: string): string {
  return list.provisional ? words.today : days(list.start, list.end, list.timeZone, language);
}

export function number(value: number, language: string): string {
  return new Intl.NumberFormat(language).format(value);
}

/** Only the owner can do something about a missing day or an account. */
function toOwner(
  list: TopList,
  words: Words,
  language: string,
  accounts: string,
): TemplateResult {
  const { completeDays, ofDays, provisional, attention = [] } = list;
  const known = completeDays > 0 || list.songs.length > 0;
  const names = new Intl.ListFormat(language).format(attention.map(providerName));
  const asked = words.reconnect(names);
  return html`${known && !provisional && completeDays < ofDays
    ? html`<bdi title=${words.incompleteHint}>${words.complete(completeDays, ofDays)}</bdi>`
    : nothing}
  ${attention.length
    ? accounts
      ? html`<a class="warn" href=${accounts}><bdi>${asked}</bdi></a>`
      : html`<bdi class="warn">${asked}</bdi>`
    : nothing}`;
}
