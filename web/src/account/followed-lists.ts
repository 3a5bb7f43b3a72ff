import { html, nothing, type TemplateResult } from "lit";

import type { Api } from "../api/api.ts";
import { fields, text } from "../api/fields.ts";
import { type Song, songOf } from "../api/song.ts";
import { type TopList, topListOf } from "../api/top-list.ts";
import { facts } from "../widget/facts.ts";
import { countOf } from "../widget/path.ts";
import { portrait, PORTRAIT_STYLE } from "../widget/portrait.ts";
import { firstRow, row, differences } from "../widget/row.ts";
import { wordsIn } from "../words/language.ts";
import { ACCOUNT_STYLE } from "./account-style.ts";
import { AccountElement } from "./account-element.ts";
import { type NameOf, Names } from "./names.ts";

const USUAL_COUNT = 5;

/**
 * The lists of the people that the signed-in user follows: combined, and one by one.
 *
 * @tag followed-lists
 * @fires {FailureEvent} top-songs-error - something went wrong; `kind` says what
 */
export class FollowedLists extends AccountElement {
  static override properties = {
    ...AccountElement.properties,
    k: { type: Number },
    nameOf: { attribute: false },
  };
  static override styles = [...ACCOUNT_STYLE, PORTRAIT_STYLE];

  /** How many songs of each person; 5 by default. */
  declare k: number;
  /** What the host calls a user; a promise where it has to ask. */
  declare nameOf: NameOf | undefined;
  protected readonly name = "people";
  private lists: readonly TopList[] = [];
  private common: readonly Song[] = [];
  private cursor = "";
  private readonly names = new Names(this, () => this.words.person);

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
        <p>${this.words.noLists}</p>
        <p class="hint">${this.words.noListsHint}</p>
      </div>`;
    }
    return html`<div class="stack">
      ${this.common.length ? this.card(this.words.together, this.common) : nothing}
      ${this.lists.map((one) => this.card(this.names.of(one.user, one.name), one.songs, one))}
      ${this.cursor
        ? html`<button type="button" @click=${() => void this.showMore()}
            >${this.words.showMore}</button
          >`
        : nothing}
    </div>`;
  }

  private card(title: string, songs: readonly Song[], list?: TopList): TemplateResult {
    const { language } = this;
    const words = wordsIn(this, language);
    if (!words) return html``;
    const common = differences(songs);
    const context = { words, language, chosen: () => undefined, ...common };
    const people = !common.tellsPeople && songs[0]?.listeners;
    const [first, ...others] = songs;
    return html`<article class="card" part="list">
      <header>
        <h2>${portrait(list?.portrait)}<bdi>${title}</bdi></h2>
        ${list ? html`<p class="facts" part="facts">${facts(list, words, language)}</p>` : nothing}
        ${people ? html`<p class="facts" part="facts">${this.words.eachPlayedBy(people)}</p>` : nothing}
      </header>
      ${first
        ? html`<ol role="list" class="list">
            ${firstRow(first, context)} ${others.map((song, index) => row(song, index + 2, context))}
          </ol>`
        : html`<p class="calm">${this.words.nothingPlayed}</p>`}
    </article>`;
  }

  private async showMore(): Promise<void> {
    try {
      this.take(await this.client().get(this.path(this.cursor)), this.lists);
      this.say("");
    } catch {
      this.say(this.words.noMore);
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
