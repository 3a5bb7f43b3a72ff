import { html, nothing, type PropertyValues, type TemplateResult } from "lit";

import { Api } from "../api/api.ts";
import { count, fields, list, text, texts } from "../api/fields.ts";
import { type Song, songOf } from "../api/song.ts";
import { providerName } from "../look/providers.ts";
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
const MADE = "Done. You can undo it under Corrections.";
const UNDONE = "Undone.";

/** Menus for the songs of the user's own list, and the corrections made, each with its undo. */
export class ListCorrections extends AccountElement {
  static override properties = { ...AccountElement.properties, for: {} };
  static override styles = ACCOUNT_STYLE;

  /** The id of the `<top-songs>` element with the user's own list. */
  declare for: string;
  protected readonly name = "Corrections";
  private corrections: readonly Correction[] = [];
  private songs: readonly Song[] = [];
  private song: Song | undefined;
  private spellings: readonly Spelling[] = [];
  private menus = new Map<string, SongMenu>();

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
    if (this.listElement) this.listElement.rowMenu = undefined;
  }

  protected async load(api: Api): Promise<void> {
    // The list itself says where nobody is signed in or the API cannot be reached.
    const answer = fields(await api.get(CORRECTIONS).catch(() => ({})));
    this.corrections = list(answer["corrections"]).map(correctionOf).reverse();
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
    menu.label = `Correct ${song.title}`;
    menu.items = this.itemsFor(song);
    return menu;
  };

  private itemsFor(song: Song): readonly MenuItem[] {
    const providers = song.providers.length > 1 ? song.providers : [];
    return [
      { label: "Not me", chosen: () => void this.notMe(song) },
      ...providers.map((provider) => ({
        label: `Not me on ${providerName(provider)}`,
        chosen: () => void this.notMe(song, provider),
      })),
      { label: "Merge with…", chosen: () => void this.askMerge(song) },
      { label: "These are different songs…", chosen: () => void this.askSplit(song) },
    ];
  }

  private made(): TemplateResult {
    return html`<div class="card stack">
      <h2>Corrections</h2>
      <ul>
        ${this.corrections.map(
          ({ id, label }) => html`<li class="entry">
            <bdi>${label}</bdi>
            <button
              type="button"
              aria-label="Undo: ${label}"
              @click=${() => void this.undo(id)}
              >Undo</button
            >
          </li>`,
        )}
      </ul>
    </div>`;
  }

  private mergeDialog(): TemplateResult {
    const others = this.songs.filter((song) => song.id !== this.song?.id);
    return html`<dialog id="merge" aria-labelledby="m">
      <h2 id="m">Which song is the same?</h2>
      <p><bdi>${this.song?.title ?? ""}</bdi> and the song you choose count as one.</p>
      <fieldset>
        <legend class="unseen">Songs</legend>
        ${others.map(
          (song) => html`<label
            ><input type="radio" name="other" value=${song.id} /><bdi class="title"
              >${named(song)}</bdi
            ></label
          >`,
        )}
      </fieldset>
      ${this.choices("Merge", () => this.merge())}
    </dialog>`;
  }

  private splitDialog(): TemplateResult {
    return html`<dialog id="split" aria-labelledby="s">
      <h2 id="s">Which of these is another song?</h2>
      ${this.spellings.length > 1
        ? html`<fieldset>
              <legend class="unseen">Spellings</legend>
              ${this.spellings.map(
                ({ id, label, reports }) => html`<label
                  ><input type="checkbox" value=${id} /><span
                    ><bdi class="title">${label}</bdi> <small>${reports} reports</small></span
                  ></label
                >`,
              )}
            </fieldset>
            ${this.choices("Set apart", () => this.split())}`
        : html`<p>All its plays have the same title and artists.</p>
            ${this.choices("", () => Promise.resolve())}`}
    </dialog>`;
  }

  private choices(label: string, work: () => Promise<void>): TemplateResult {
    const agree = html`<button class="primary" type="button" @click=${() => void work()}
      >${label}</button
    >`;
    return html`<div class="actions">
      ${label ? agree : nothing}
      <button type="button" @click=${this.closeDialogs}>Cancel</button>
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
      this.spellings = list(fields(await api.get(path))["spellings"]).map(spellingOf);
      await this.ask("split", song);
    });
  }

  private async read(work: (api: Api) => Promise<void>): Promise<void> {
    try {
      await work(new Api(this.api, this.getToken));
      this.say("");
    } catch {
      this.say("That did not work. Try again in a moment.");
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

  /** Makes the correction and moves the focus to its undo. */
  private async correct(body: (api: Api) => Promise<unknown>): Promise<void> {
    this.closeDialogs();
    const before = this.corrections;
    await this.act(async (api) => api.send("POST", CORRECTIONS, await body(api)), MADE);
    this.listElement?.refresh?.();
    await this.updateComplete;
    if (this.corrections !== before) {
      this.renderRoot.querySelector<HTMLElement>(".entry button")?.focus();
    }
  }

  private async undo(id: string): Promise<void> {
    const path = `${CORRECTIONS}/${encodeURIComponent(id)}`;
    await this.act((api) => api.send("DELETE", path), UNDONE);
    this.listElement?.refresh?.();
  }
}

function named(song: { readonly title: string; readonly singers: readonly string[] }): string {
  return song.singers.length ? `${song.title} by ${song.singers.join(", ")}` : song.title;
}

function spellingOf(value: unknown): Spelling {
  const answer = fields(value);
  const label = named({ title: text(answer["title"]), singers: texts(answer["singers"]) });
  return { id: text(answer["spelling_id"]), label, reports: count(answer["reports"]) };
}

function correctionOf(value: unknown): Correction {
  const answer = fields(value);
  const titles = list(answer["songs"]).map((song) => text(fields(song)["title"]));
  return { id: text(answer["correction_id"]), label: labelOf(answer["kind"], titles, answer["provider"]) };
}

function labelOf(kind: unknown, titles: readonly string[], provider: unknown): string {
  if (kind === "merge") return `Merged: ${titles.join(" and ")}`;
  if (kind === "split") return `Set apart: ${titles.join(", ")}`;
  const on = text(provider) ? ` on ${providerName(text(provider))}` : "";
  return `Not me${on}: ${titles.join(", ") || "a range of time"}`;
}
