import { html, nothing, type TemplateResult } from "lit";

import type { Api } from "../api/api.ts";
import { fields, list } from "../api/fields.ts";
import type { TopList } from "../api/top-list.ts";
import type { Words } from "../words/words.ts";
import { notice } from "./notice.ts";

/** Addresses of the host's pages; an empty one is not offered. */
export interface Ways {
  readonly accounts: string;
  readonly imports: string;
  readonly players: string;
}

/** The owner's own empty list, with why it is empty: no account yet, or one that is being read. */
export async function explained(empty: TopList, api: Api, signal: AbortSignal): Promise<TopList> {
  const answer = fields(await api.get("/v1/connections", signal).catch(() => ({})));
  if (!Array.isArray(answer["connections"])) return empty;
  const connections = list(answer["connections"]).map(fields);
  if (!connections.length) return { ...empty, beginning: "unconnected" };
  const unread = connections.some(
    (one) => one["status"] === "active" && typeof one["crawled_through"] !== "number",
  );
  return unread ? { ...empty, beginning: "reading" } : empty;
}

/** What an empty list says, and to its owner how to fill it. */
export function beginning(shown: TopList, words: Words, ways: Ways): TemplateResult {
  if (shown.beginning === "reading") {
    return html`<div role="status">${notice(words.reading, words.readingHint)}</div>`;
  }
  if (shown.beginning !== "unconnected") return notice(words.empty, words.emptyHint);
  return html`<div class="notice" part="notice">
    <p>${words.first}</p>
    <p class="hint">${words.firstHint}</p>
    <div class="ways">
      ${way(ways.accounts, words.connect, "primary")} ${way(ways.imports, words.importHistory)}
      ${way(ways.players, words.addPlayer)}
    </div>
  </div>`;
}

function way(address: string, label: string, look = ""): TemplateResult | typeof nothing {
  if (!address) return nothing;
  return html`<a class="button ${look}" part="button" href=${address}>${label}</a>`;
}
