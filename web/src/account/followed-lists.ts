import { html, nothing, type TemplateResult } from "lit";

import { Api } from "../api/api.ts";
import { fields, text } from "../api/fields.ts";
import { type Song, songOf } from "../api/song.ts";
import { type TopList, topListOf } from "../api/top-list.ts";
import { row } from "../widget/row.ts";
import { languageOf, wordsIn } from "../words/language.ts";
import { ACCOUNT_STYLE } from "./account-style.ts";
import { AccountElement } from "./account-element.ts";

/** What those play whom the signed-in user follows: all together, and one by one. */
export class FollowedLists extends AccountElement {
  static override properties = { ...AccountElement.properties, nameOf: { attribute: false } };
  static override styles = ACCOUNT_STYLE;

  /** What the host calls a user; the user's id where it says nothing. */
  declare nameOf: ((user: string) => string) | undefined;
  protected readonly name = "People I follow";
  private lists: readonly TopList[] = [];
  private common: readonly Song[] = [];
  private cursor = "";

  protected async load(api: Api): Promise<void> {
    const [page, common] = await Promise.all([
      api.get("/v1/me/following/top?k=5"),
      api.get("/v1/me/following/songs?k=10").catch(() => ({ songs: [] })),
    ]);
    this.take(page, []);
    this.common = songsOf(common);
  }

  protected content(): TemplateResult {
    if (!this.lists.length) {
      return html`<div class="card notice">
        <p>Nobody's list to show yet</p>
        <p class="hint">Lists of people you follow show up here.</p>
      </div>`;
    }
    return html`<div class="stack">
      ${this.common.length ? this.card("Together", this.common) : nothing}
      ${this.lists.map((one) => this.card(this.nameOf?.(one.user) ?? one.user, one.songs))}
      ${this.cursor
        ? html`<button type="button" @click=${() => void this.showMore()}
            >Show more</button
          >`
        : nothing}
    </div>`;
  }

  private card(title: string, songs: readonly Song[]): TemplateResult {
    const language = languageOf(this);
    const context = { words: wordsIn(language), language, chosen: () => undefined };
    return html`<article class="card" part="list">
      <h2><bdi>${title}</bdi></h2>
      ${songs.length
        ? html`<ol role="list">${songs.map((song, index) => row(song, index + 1, context))}</ol>`
        : html`<p class="calm">Nothing played yet</p>`}
    </article>`;
  }

  private async showMore(): Promise<void> {
    const query = new URLSearchParams({ k: "5", cursor: this.cursor });
    const path = `/v1/me/following/top?${query.toString()}`;
    try {
      this.take(await new Api(this.api, this.getToken).get(path), this.lists);
      this.say("");
    } catch {
      this.say("There is no more to be had at the moment.");
    }
  }

  private take(page: unknown, before: readonly TopList[]): void {
    const told = fields(page);
    const lists = Array.isArray(told["lists"]) ? told["lists"] : [];
    this.lists = [...before, ...lists.map(topListOf)];
    this.cursor = text(told["cursor"]);
  }
}

function songsOf(answer: unknown): readonly Song[] {
  const songs = fields(answer)["songs"];
  return Array.isArray(songs) ? songs.map(songOf).filter((song) => song !== undefined) : [];
}
