import { html, nothing, type TemplateResult } from "lit";

import type { Api } from "../api/api.ts";
import { fields, text } from "../api/fields.ts";
import { type Song, songOf } from "../api/song.ts";
import { type TopList, topListOf } from "../api/top-list.ts";
import { facts } from "../widget/facts.ts";
import { countOf } from "../widget/path.ts";
import { row } from "../widget/row.ts";
import { languageOf, wordsIn } from "../words/language.ts";
import { ACCOUNT_STYLE } from "./account-style.ts";
import { AccountElement } from "./account-element.ts";

const USUAL_COUNT = 5;

/** The lists of the people that the signed-in user follows: combined, and one by one. */
export class FollowedLists extends AccountElement {
  static override properties = {
    ...AccountElement.properties,
    k: { type: Number },
    nameOf: { attribute: false },
  };
  static override styles = ACCOUNT_STYLE;

  /** How many songs of each person; 5 by default. */
  declare k: number;
  /** What the host calls a user; the user's id where it says nothing. */
  declare nameOf: ((user: string) => string) | undefined;
  protected readonly name = "People I follow";
  private lists: readonly TopList[] = [];
  private common: readonly Song[] = [];
  private cursor = "";

  constructor() {
    super();
    this.k = USUAL_COUNT;
  }

  protected async load(api: Api): Promise<void> {
    const [page, common] = await Promise.all([
      api.get(this.path()),
      api.get("/v1/me/following/songs?k=10").catch(() => ({ songs: [] })),
    ]);
    this.take(page, []);
    this.common = songsOf(common);
  }

  protected content(): TemplateResult {
    if (!this.lists.length) {
      return html`<div class="card notice">
        <p>No lists to show yet</p>
        <p class="hint">Lists of people you follow show up here.</p>
      </div>`;
    }
    return html`<div class="stack">
      ${this.common.length ? this.card("Together", this.common) : nothing}
      ${this.lists.map((one) => this.card(this.nameOf?.(one.user) ?? one.user, one.songs, one))}
      ${this.cursor
        ? html`<button type="button" @click=${() => void this.showMore()}
            >Show more</button
          >`
        : nothing}
    </div>`;
  }

  private card(title: string, songs: readonly Song[], list?: TopList): TemplateResult {
    const language = languageOf(this);
    const words = wordsIn(language);
    const context = { words, language, chosen: () => undefined };
    return html`<article class="card" part="list">
      <header>
        <h2><bdi>${title}</bdi></h2>
        ${list ? html`<p class="facts" part="facts">${facts(list, words, language)}</p>` : nothing}
      </header>
      ${songs.length
        ? html`<ol role="list">${songs.map((song, index) => row(song, index + 1, context))}</ol>`
        : html`<p class="calm">Nothing played yet</p>`}
    </article>`;
  }

  private async showMore(): Promise<void> {
    try {
      this.take(await this.client().get(this.path(this.cursor)), this.lists);
      this.say("");
    } catch {
      this.say("There is no more to be had at the moment.");
    }
  }

  private path(cursor = ""): string {
    const query = new URLSearchParams({ k: String(countOf(this.k)) });
    if (cursor) query.set("cursor", cursor);
    return `/v1/me/following/top?${query.toString()}`;
  }

  private take(page: unknown, before: readonly TopList[]): void {
    const answer = fields(page);
    const lists = Array.isArray(answer["lists"]) ? answer["lists"] : [];
    this.lists = [...before, ...lists.map(topListOf)];
    this.cursor = text(answer["cursor"]);
  }
}

function songsOf(answer: unknown): readonly Song[] {
  const songs = fields(answer)["songs"];
  return Array.isArray(songs) ? songs.map(songOf).filter((song) => song !== undefined) : [];
}
