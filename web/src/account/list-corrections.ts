import { html, nothing, type PropertyValues, type TemplateResult } from "lit";

import { Api } from "../api/api.ts";
import { count, fields, list, text, texts } from "../api/fields.ts";
import { type Song, songOf } from "../api/song.ts";
import { providerName } from "../look/providers.ts";
import type { AccountWords } from "../words/account/words.ts";
import { ACCOUNT_STYLE } from "./account-style.ts";
import { AccountElement } from "./account-element.ts";
import { type MenuItem, SongMenu } from "./song-menu.ts";

/** The part of a `<top-songs>` element that is used here. */
interface ListElement extends HTMLElement {
  rowMenu?: ((song: Song) => Element) | undefined;
  refresh?: () => void;
}

interface Correction {
  readonly id: string;
  readonly label: string;
}

interface Spelling {
  readonly id: string;
  readonly label: string;
  readonly reports: number;
}

const CORRECTIONS = "/v1/me/corrections";
/** How long a deletion can be undone before it is sent. */
const DELETED_AFTER_MS = 10_000;

/**
 * Menus for the songs of the user's own list, and the corrections made, each with its undo.
 *
 * @tag list-corrections
 * @fires {FailureEvent} top-songs-error - something went wrong; `kind` says what
 */
export class ListCorrections extends AccountElement {
  static override properties = { ...AccountElement.properties, for: {} };
  static override styles = ACCOUNT_STYLE;

  /** The id of the `<top-songs>` element with the user's own list. */
  declare for: string;
  protected readonly name = "corrections";
  private corrections: readonly Correction[] = [];
  private songs: readonly Song[] = [];
  private song: Song | undefined;
  private spellings: readonly Spelling[] = [];
  private menus = new Map<string, SongMenu>();
  private settle: (() => void) | undefined;

  constructor() {
    super();
    this.for = "";
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    const { listElement } = this;
    if (listElement) listElement.rowMenu = this.menuOf;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.settle?.();
    if (this.listElement) this.listElement.rowMenu = undefined;
  }

  protected async load(api: Api): Promise<void> {
    // The list itself says where nobody is signed in or the API cannot be reached.
    const answer = fields(await api.get(CORRECTIONS).catch(() => ({})));
    this.corrections = list(answer["corrections"]).map((one) => correctionOf(one, this.words)).reverse();
  }

  protected content(): TemplateResult {
    return html`${this.corrections.length ? this.made() : nothing} ${this.mergeDialog()}
    ${this.splitDialog()}`;
  }

  private get listElement(): ListElement | null {
    const root = this.getRootNode() as Document | ShadowRoot;
    return this.for ? root.querySelector<ListElement>(`#${CSS.escape(this.for)}`) : null;
  }

  /** One menu for each song, so that a refresh of the list moves no focus. */
  private readonly menuOf = (song: Song): Element => {
    const menu = this.menus.get(song.id) ?? new SongMenu();
    this.menus.set(song.id, menu);
    menu.label = this.words.menuOf(song.title);
    menu.items = this.itemsFor(song).map((item) => ({
      ...item,
      chosen: () => {
        this.note(menu);
        item.chosen();
      },
    }));
    return menu;
  };

  private itemsFor(song: Song): readonly MenuItem[] {
    const providers = song.providers.length > 1 ? song.providers : [];
    return [
      song.hidden
        ? { label: this.words.showSong, chosen: () => void this.hide(song, false) }
        : { label: this.words.hideSong, chosen: () => void this.hide(song, true) },
      { label: this.words.notMe, chosen: () => void this.notMe(song) },
      ...providers.map((provider) => ({
        label: this.words.notMeOn(providerName(provider)),
        chosen: () => void this.notMe(song, provider),
      })),
      { label: this.words.mergeWith, chosen: () => void this.askMerge(song) },
      { label: this.words.different, chosen: () => void this.askSplit(song) },
      { label: this.words.deleteSong, chosen: () => this.delete(song) },
    ];
  }

  private made(): TemplateResult {
    return html`<div class="card stack">
      <h2>${this.words.corrections}</h2>
      <ul>
        ${this.corrections.map(
          ({ id, label }) => html`<li class="entry">
            <bdi>${label}</bdi>
            <button
              type="button"
              aria-label=${this.words.undoOf(label)}
              @click=${() => void this.undo(id)}
              >${this.words.undo}</button
            >
          </li>`,
        )}
      </ul>
    </div>`;
  }

  private mergeDialog(): TemplateResult {
    const others = this.songs.filter((song) => song.id !== this.song?.id);
    return html`<dialog id="merge" aria-labelledby="m">
      <h2 id="m">${this.words.mergeQuestion}</h2>
      <p><bdi>${this.words.mergeHint(this.song?.title ?? "")}</bdi></p>
      <fieldset>
        <legend class="unseen">${this.words.songsLabel}</legend>
        ${others.map(
          (song) => html`<label
            ><input type="radio" name="other" value=${song.id} /><bdi class="title"
              >${named(song, this.words)}</bdi
            ></label
          >`,
        )}
      </fieldset>
      ${this.choices(this.words.merge, () => this.merge())}
    </dialog>`;
  }

  private splitDialog(): TemplateResult {
    return html`<dialog id="split" aria-labelledby="s">
      <h2 id="s">${this.words.splitQuestion}</h2>
      ${this.spellings.length > 1
        ? html`<fieldset>
              <legend class="unseen">${this.words.spellings}</legend>
              ${this.spellings.map(
                ({ id, label, reports }) => html`<label
                  ><input type="checkbox" value=${id} /><span
                    ><bdi class="title">${label}</bdi> <small>${this.words.reports(reports)}</small></span
                  ></label
                >`,
              )}
            </fieldset>
            ${this.choices(this.words.setApart, () => this.split())}`
        : html`<p>${this.words.oneSpelling}</p>
            ${this.choices("", () => Promise.resolve())}`}
    </dialog>`;
  }

  private choices(label: string, work: () => Promise<void>): TemplateResult {
    const agree = html`<button class="primary" type="button" @click=${() => void work()}
      >${label}</button
    >`;
    return html`<div class="actions">
      ${label ? agree : nothing}
      <button type="button" @click=${this.closeDialogs}>${this.words.cancel}</button>
    </div>`;
  }

  private readonly closeDialogs = (): void => {
    this.renderRoot.querySelectorAll("dialog").forEach((dialog) => {
      dialog.close();
    });
    if (this.song) this.menus.get(this.song.id)?.focus();
  };

  private async ask(dialog: string, song: Song): Promise<void> {
    this.song = song;
    this.requestUpdate();
    await this.updateComplete;
    this.renderRoot.querySelectorAll<HTMLInputElement>("dialog input").forEach((input) => {
      input.checked = false;
    });
    this.renderRoot.querySelector<HTMLDialogElement>(`#${dialog}`)?.showModal();
  }

  private async askMerge(song: Song): Promise<void> {
    await this.read(async (api) => {
      this.songs = list(fields(await api.get("/v1/me/top?k=30"))["songs"])
        .map(songOf)
        .filter((one) => one !== undefined);
      await this.ask("merge", song);
    });
  }

  private async askSplit(song: Song): Promise<void> {
    await this.read(async (api) => {
      const path = `/v1/me/songs/${encodeURIComponent(song.id)}/spellings`;
      this.spellings = list(fields(await api.get(path))["spellings"]).map((one) => spellingOf(one, this.words));
      await this.ask("split", song);
    });
  }

  private async read(work: (api: Api) => Promise<void>): Promise<void> {
    try {
      await work(new Api(this.api, this.getToken));
      this.say("");
    } catch {
      this.say(this.words.failed);
    }
  }

  private chosen(dialog: string): readonly string[] {
    const inputs = this.renderRoot.querySelectorAll<HTMLInputElement>(`#${dialog} input:checked`);
    return [...inputs].map((input) => input.value);
  }

  private async merge(): Promise<void> {
    const [other] = this.chosen("merge");
    if (!other || !this.song) return;
    const ids = [this.song.id, other];
    await this.correct(() => Promise.resolve({ kind: "merge", song_ids: ids }));
  }

  private async split(): Promise<void> {
    const spellings = this.chosen("split");
    if (!spellings.length || spellings.length === this.spellings.length || !this.song) return;
    const { id } = this.song;
    await this.correct(() => Promise.resolve({ kind: "split", song_id: id, spellings }));
  }

  /** All plays of the song that the list counts. */
  private async notMe(song: Song, provider?: string): Promise<void> {
    const of = provider ? { provider } : {};
    await this.correct(async (api) => {
      const { start, end } = fields(fields(await api.get("/v1/me/top?k=1"))["window"]);
      return { kind: "not_me", song_id: song.id, since: start, until: end, ...of };
    });
  }

  /** Makes the correction, and offers its undo beside the song. */
  private async correct(body: (api: Api) => Promise<unknown>): Promise<void> {
    this.closeDialogs();
    let made = "";
    const work = async (api: Api): Promise<void> => {
      made = text(fields(await api.send("POST", CORRECTIONS, await body(api)))["correction_id"]);
    };
    await this.change(work, this.words.corrected, () => void this.undo(made));
  }

  private async undo(id: string): Promise<void> {
    const path = `${CORRECTIONS}/${encodeURIComponent(id)}`;
    await this.change((api) => api.send("DELETE", path), this.words.undone);
  }

  private async hide(song: Song, hidden: boolean): Promise<void> {
    const path = `/v1/me/hidden/songs/${encodeURIComponent(song.id)}`;
    const { songHidden, songShown } = this.words;
    await this.change(
      (api) => api.send(hidden ? "PUT" : "DELETE", path),
      (hidden ? songHidden : songShown)(song.title),
      () => void this.hide(song, !hidden),
    );
  }

  /** The API deletes for good: it is asked once the undo has gone, or with the page. */
  private delete(song: Song): void {
    this.settle?.();
    const path = `/v1/me/plays/songs/${encodeURIComponent(song.id)}`;
    const timer = setTimeout(() => this.settle?.(), DELETED_AFTER_MS);
    const end = (): void => {
      clearTimeout(timer);
      removeEventListener("pagehide", settle);
      this.settle = undefined;
    };
    const settle = (): void => {
      end();
      void this.change((api) => api.send("DELETE", path), "");
    };
    this.settle = settle;
    addEventListener("pagehide", settle);
    this.say(this.words.songDeleted(song.title), () => {
      end();
      this.say(this.words.undone);
    });
  }

  /** Does something that changes the list, which is then read again. */
  private async change(
    work: (api: Api) => Promise<unknown>,
    done: string,
    undo?: () => void,
  ): Promise<void> {
    if (await this.act(work, done, undo)) this.listElement?.refresh?.();
  }
}

function named(
  { title, singers }: { readonly title: string; readonly singers: readonly string[] },
  words: AccountWords,
): string {
  return singers.length ? words.titleBy(title, singers.join(", ")) : title;
}

function spellingOf(value: unknown, words: AccountWords): Spelling {
  const answer = fields(value);
  const label = named({ title: text(answer["title"]), singers: texts(answer["singers"]) }, words);
  return { id: text(answer["spelling_id"]), label, reports: count(answer["reports"]) };
}

function correctionOf(value: unknown, words: AccountWords): Correction {
  const answer = fields(value);
  const titles = list(answer["songs"]).map((song) => text(fields(song)["title"]));
  const provider = text(answer["provider"]) && providerName(text(answer["provider"]));
  return { id: text(answer["correction_id"]), label: labelOf(answer["kind"], titles, provider, words) };
}

function labelOf(
  kind: unknown,
  titles: readonly string[],
  provider: string,
  words: AccountWords,
): string {
  if (kind === "merge") return words.merged(titles.join(" + "));
  if (kind === "split") return words.wasSetApart(titles.join(", "));
  return words.disowned(provider, titles.join(", ") || words.rangeOfTime);
}
