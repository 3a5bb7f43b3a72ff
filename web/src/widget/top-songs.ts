import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";

import { Api, type GetToken } from "../api/api.ts";
import type { Song } from "../api/song.ts";
import { type TopList, topListOf } from "../api/top-list.ts";
import { BUTTON } from "../look/button.ts";
import { attribution, PROVIDER_STYLE } from "../look/providers.ts";
import { TOKENS } from "../look/tokens.ts";
import { languageOf, wordsIn } from "../words/language.ts";
import type { Words } from "../words/words.ts";
import { beginning, explained } from "./beginning.ts";
import { COVER_STYLE } from "./cover.ts";
import { facts } from "./facts.ts";
import { FRAME_STYLE } from "./frame-style.ts";
import { LIST_STYLE } from "./list-style.ts";
import { Loading } from "./loading.ts";
import { failureNotice, NOTICE_STYLE } from "./notice.ts";
import { measureFirstList } from "./painted.ts";
import { countOf, listPath, USUAL_COUNT } from "./path.ts";
import { portrait, PORTRAIT_STYLE } from "./portrait.ts";
import { firstRow, row, differences } from "./row.ts";
import { skeleton, SKELETON_STYLE } from "./skeleton.ts";
import { type Listed, nameOf, type View } from "./view.ts";

/**
 * A user's most played songs, artists or albums, of the past seven days or another window.
 * docs/integration.md tells how to embed it.
 *
 * @tag top-songs
 * @fires {LoadEvent} top-songs-load - a list is shown
 * @fires {SelectEvent} top-songs-select - a song's link was chosen
 * @fires {StateEvent} top-songs-state - the state changed
 * @fires {FailureEvent} top-songs-error - something went wrong; `kind` says what
 */
export class TopSongs extends LitElement {
  static override properties = {
    api: {},
    user: {},
    k: { type: Number },
    of: {},
    window: {},
    service: {},
    heading: {},
    headingLevel: { type: Number, attribute: "heading-level" },
    as: {},
    withSwitch: { type: Boolean, attribute: "with-switch" },
    shareHref: { attribute: "share-href" },
    accountsHref: { attribute: "accounts-href" },
    importsHref: { attribute: "imports-href" },
    playersHref: { attribute: "players-href" },
    signedIn: { type: Boolean, attribute: "signed-in" },
    lang: { reflect: true },
    getToken: { attribute: false },
    words: { attribute: false },
    rowMenu: { attribute: false },
  };
  static override styles = [
    TOKENS,
    BUTTON,
    PROVIDER_STYLE,
    FRAME_STYLE,
    PORTRAIT_STYLE,
    LIST_STYLE,
    COVER_STYLE,
    NOTICE_STYLE,
    SKELETON_STYLE,
  ];

  declare api: string;
  declare user: string | undefined;
  declare k: number;
  declare of: string | undefined;
  declare window: string | undefined;
  /** Where songs open, as the API names it; where they were played by default. */
  declare service: string | undefined;
  declare heading: string | undefined;
  declare headingLevel: number;
  declare as: string | undefined;
  /** Whether viewers may switch between songs, artists and albums. */
  declare withSwitch: boolean;
  /** The address that the Share button shares; without one there is no such button. */
  declare shareHref: string;
  /** Where the owner of an empty list connects an account, imports a history, sets up a player. */
  declare accountsHref: string;
  declare importsHref: string;
  declare playersHref: string;
  declare signedIn: boolean;
  declare getToken: GetToken | undefined;
  declare words: Partial<Words> | undefined;
  /** What stands at the end of a row, such as a menu. */
  declare rowMenu: ((song: Song) => Element) | undefined;

  private readonly loading = new Loading(this, (view) => this.tell(view));

  constructor() {
    super();
    this.api = "";
    this.k = USUAL_COUNT;
    this.headingLevel = 2;
    this.signedIn = this.withSwitch = false;
    this.shareHref = this.accountsHref = this.importsHref = this.playersHref = "";
  }

  /** The state shown: loading, slow, list, empty, or the kind of what went wrong. */
  get state(): string {
    return nameOf(this.loading.view);
  }

  /** Asks the API again; what is shown stays until the answer is there. */
  refresh(): void {
    this.loading.again();
  }

  protected override willUpdate(changed: PropertyValues): void {
    const asked = ["api", "user", "k", "of", "window", "service", "as", "signedIn", "getToken"];
    if (!asked.some((name) => changed.has(name))) return;
    const path = listPath(this);
    if (this.api && path) this.loading.begin((signal) => this.load(path, signal));
  }

  protected override updated(): void {
    if (this.state === "list") measureFirstList();
  }

  private async load(path: string, signal: AbortSignal): Promise<TopList> {
    const api = new Api(this.api, this.getToken);
    const found = topListOf(await api.get(path, signal));
    const own = !this.user && !this.as;
    return own && !found.songs.length ? explained(found, api, signal) : found;
  }

  private tell(view: View): void {
    const state = nameOf(view);
    this.send("top-songs-state", { state });
    if ("list" in view && !view.trouble) {
      const { user, asOf, songs } = view.list;
      this.send("top-songs-load", { user, asOf, songs: songs.length });
    }
    if (view.state === "failed") this.send("top-songs-error", { kind: view.failure.kind });
    else if ("trouble" in view) this.send("top-songs-error", { kind: view.trouble.kind });
  }

  private send(name: string, detail: unknown, cancelable = false): boolean {
    return this.dispatchEvent(
      new CustomEvent(name, { detail, bubbles: true, composed: true, cancelable }),
    );
  }

  private readonly chosen = (song: Song, rank: number, event: Event): void => {
    const detail = { songId: song.id, title: song.title, url: song.link, rank };
    if (!this.send("top-songs-select", detail, true)) event.preventDefault();
  };

  protected override render(): TemplateResult {
    const view = this.loading.view;
    const language = languageOf(this);
    const words = wordsIn(this, language, this.words);
    const busy = view.state === "loading" || view.state === "slow";
    if (!words) return html`<section class="frame" aria-busy="true">${this.waiting()}</section>`;
    return html`<section class="frame" part="frame" aria-labelledby="h" aria-busy=${busy}>
      <header part="header">
        ${this.header(words, language, "list" in view ? view : {})}
      </header>
      ${this.withSwitch ? this.switch(words) : nothing}
      <div role="status" class="unseen">${busy ? words.loading : nothing}</div>
      ${this.content(view, words, language)}
    </section>`;
  }

  private header(words: Words, language: string, { list, trouble }: Partial<Listed>): TemplateResult {
    const usual = this.usualHeading(words);
    const name = this.user ? list?.name : undefined;
    const heading = this.heading ?? name ?? usual;
    return html`<div
        class="heading"
        part="heading"
        id="h"
        role="heading"
        aria-level=${this.headingLevel}
        >${portrait(list?.portrait)}<bdi>${heading}</bdi></div
      >
      ${list && [
        this.share(list, heading, words),
        this.facts(list, heading === name ? usual : "", words, language, !!trouble),
      ]}`;
  }

  private usualHeading(words: Words): string {
    const { of = "songs", window = "7d" } = this;
    return of === "songs" && window === "7d" ? words.heading : words.headingOf(of, window);
  }

  private switch(words: Words): TemplateResult {
    const labels = { songs: words.songs, artists: words.artists, albums: words.albums };
    return html`<div class="switch" part="switch" role="group" aria-label=${words.show}>
      ${Object.entries(labels).map(
        ([of, label]) => html`<button
          type="button"
          aria-pressed=${(this.of ?? "songs") === of}
          @click=${() => (this.of = of)}
          >${label}</button
        >`,
      )}
    </div>`;
  }

  private share(list: TopList, heading: string, words: Words): TemplateResult | typeof nothing {
    if (!this.shareHref || !list.songs.length) return nothing;
    const user = encodeURIComponent(this.user ?? list.user);
    return html`<top-songs-share
      part="share"
      address=${new URL(this.shareHref, document.baseURI).href}
      heading=${heading}
      picture=${`${this.api.replace(/\/+$/, "")}/v1/users/${user}/top.png?size=story`}
      .words=${words}
    ></top-songs-share>`;
  }

  private content(view: View, words: Words, language: string): TemplateResult {
    switch (view.state) {
      case "list":
        return this.list(view.list, words, language);
      case "empty":
        return beginning(view.list, words, {
          accounts: this.accountsHref,
          imports: this.importsHref,
          players: this.playersHref,
        });
      case "failed":
        return this.failed(view, words);
      default:
        return this.waiting(view.state === "slow" ? words.slow : "");
    }
  }

  private list(list: TopList, words: Words, language: string): TemplateResult {
    // A menu is of a song, and changes it.
    const menu = (this.of ?? "songs") === "songs" ? this.rowMenu : undefined;
    const songs = list.songs.slice(0, countOf(this.k));
    const context = { words, language, chosen: this.chosen, menu, ...differences(songs) };
    const [first, ...others] = songs;
    return html`<ol role="list" part="list" class="list">
        ${first ? keyed(first.id + (first.image ?? ""), firstRow(first, context)) : nothing}
        ${others.map((song, index) => row(song, index + 2, context))}
      </ol>
      ${attribution(songs.flatMap((song) => song.providers), words.playsFrom)}`;
  }

  private failed(view: View & { state: "failed" }, words: Words): TemplateResult {
    const notice = failureNotice(view.failure, words, this.loading.again);
    return html`<div role="status">${notice}</div>`;
  }

  /** What the server sent inside the element stands until the live list is there. */
  private waiting(hint = ""): TemplateResult {
    return html`<slot>${skeleton(countOf(this.k))}</slot>
      <p class="slow" role="status">${hint || nothing}</p>`;
  }

  private facts(
    list: TopList,
    what: string,
    words: Words,
    language: string,
    trouble: boolean,
  ): TemplateResult {
    return html`<p class="facts" part="facts">
      ${what ? html`<bdi>${what}</bdi>` : nothing}
      ${facts(list, words, language, this.accountsHref)}
      ${trouble
        ? html`<span role="status"
            >${words.notRefreshed}
            <button type="button" @click=${this.loading.again}>${words.again}</button></span
          >`
        : nothing}
    </p>`;
  }
}
