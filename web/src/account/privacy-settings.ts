import { html, nothing, type TemplateResult } from "lit";

import { secureAddress } from "../api/address.ts";
import type { Api } from "../api/api.ts";
import { fields, list, text, texts } from "../api/fields.ts";
import { type Song, songOf } from "../api/song.ts";
import { topListOf } from "../api/top-list.ts";
import { providerName } from "../look/providers.ts";
import { MOST_SONGS } from "../widget/path.ts";
import { ACCOUNT_STYLE } from "./account-style.ts";
import { AccountElement } from "./account-element.ts";

const ALL = `/v1/me/top?k=${MOST_SONGS}`;
const LOOK_MS = 1000;

/**
 * Who sees the list, which songs and providers stay out of it, the data to take along, the end.
 *
 * @tag privacy-settings
 * @fires {FailureEvent} top-songs-error - something went wrong; `kind` says what
 */
export class PrivacySettings extends AccountElement {
  static override styles = ACCOUNT_STYLE;

  protected readonly name = "privacy";
  private visibility = "";
  private songs: readonly Song[] = [];
  private hiddenProviders: readonly string[] = [];
  private preview = "";
  private sought = "";
  private erasure = "";

  protected async load(api: Api): Promise<void> {
    if (this.erasure) return;
    const [me, top, hidden] = await Promise.all([
      api.get("/v1/me"),
      api.get(ALL),
      api.get("/v1/me/hidden").catch(() => ({})),
    ]);
    this.visibility = text(fields(me)["visibility"]);
    const listed = topListOf(top).songs;
    this.songs = [...listed, ...unlisted(fields(hidden)["songs"], listed)];
    this.hiddenProviders = texts(fields(hidden)["providers"]);
  }

  protected content(): TemplateResult {
    if (this.erasure) {
      return html`<div class="card notice"><p role="status">${this.erasure}</p></div>`;
    }
    return html`<div class="stack">
      ${this.whoSees()} ${this.asOthers()} ${this.hideProviders()} ${this.hideSongs()}
      ${this.leaving()}
    </div>`;
  }

  private whoSees(): TemplateResult {
    const { words } = this;
    const choices = [
      ["public", words.everybody],
      ["followers", words.myFollowers],
      ["private", words.onlyMe],
    ] as const;
    return html`<fieldset class="card">
      <legend>${words.whoSees}</legend>
      ${choices.map(
        ([value, label]) => html`<label
          ><input
            type="radio"
            name="visibility"
            .checked=${this.visibility === value}
            @change=${() => void this.choose(value)}
          />${label}</label
        >`,
      )}
      <p class="calm">${words.seenBy[this.visibility] ?? ""}</p>
    </fieldset>`;
  }

  private asOthers(): TemplateResult {
    const show = (as: string) => (): void => {
      this.preview = this.preview === as ? "" : as;
      this.requestUpdate();
    };
    return html`<div class="card stack">
      <h2>${this.words.asOthers}</h2>
      <div class="actions">
        ${["follower", "stranger"].map(
          (as) => html`<button type="button" aria-pressed=${this.preview === as} @click=${show(as)}
            >${as === "follower" ? this.words.asFollower : this.words.asStranger}</button
          >`,
        )}
      </div>
      ${this.preview
        ? html`<top-songs
            signed-in
            heading-level="3"
            as=${this.preview}
            lang=${this.language}
            .api=${this.api}
            .getToken=${this.getToken}
          ></top-songs>`
        : nothing}
    </div>`;
  }

  private hideProviders(): TemplateResult {
    const providers = new Set([...this.songs.flatMap((song) => song.providers), ...this.hiddenProviders]);
    return html`<fieldset class="card">
      <legend>${this.words.providersOthersSee}</legend>
      ${[...providers].map((provider) => {
        const shown = !this.hiddenProviders.includes(provider);
        const path = `/v1/me/hidden/providers/${encodeURIComponent(provider)}`;
        return html`<label
          ><input type="checkbox" .checked=${shown} @change=${() => void this.hide(path, shown)} />
          ${providerName(provider)}</label
        >`;
      })}
    </fieldset>`;
  }

  private hideSongs(): TemplateResult {
    return html`<fieldset class="card">
      <legend>${this.words.songsOthersSee}</legend>
      <input
        type="search"
        aria-label=${this.words.findSong}
        placeholder=${this.words.findSong}
        @input=${(event: Event) => this.find((event.target as HTMLInputElement).value)}
      />
      ${this.found.map((song) => {
        const path = `/v1/me/hidden/songs/${encodeURIComponent(song.id)}`;
        return html`<div class="choice">
          <label
            ><input
              type="checkbox"
              .checked=${!song.hidden}
              @change=${() => void this.hide(path, !song.hidden)}
            /><bdi class="title">${song.title}</bdi></label
          >
          <small><bdi>${song.singers.join(", ")}</bdi></small>
        </div>`;
      })}
    </fieldset>`;
  }

  private find(sought: string): void {
    this.sought = sought.trim().toLocaleLowerCase(this.language);
    this.requestUpdate();
  }

  /** Songs whose title or singers contain what is sought. */
  private get found(): readonly Song[] {
    return this.songs.filter(({ title, singers }) =>
      [title, ...singers].join(" ").toLocaleLowerCase(this.language).includes(this.sought),
    );
  }

  private leaving(): TemplateResult {
    return html`<div class="card stack">
        <h2>${this.words.yourData}</h2>
        <p class="calm">${this.words.exportHint}</p>
        <div class="actions">
          <button type="button" @click=${() => void this.export()}>${this.words.exportAll}</button>
          <button class="danger" type="button" @click=${() => this.dialog?.showModal()}
            >${this.words.deleteAll}</button
          >
        </div>
      </div>
      <dialog aria-labelledby="q">
        <h2 id="q">${this.words.deleteQuestion}</h2>
        <p>${this.words.deleteHint(this.words.confirmation)}</p>
        <input aria-label=${this.words.typeToConfirm(this.words.confirmation)} autocomplete="off" />
        <div class="actions">
          <button class="danger" type="button" @click=${() => void this.erase()}
            >${this.words.deleteAll}</button
          >
          <button type="button" @click=${() => this.dialog?.close()}>${this.words.cancel}</button>
        </div>
      </dialog>`;
  }

  private get dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector("dialog");
  }

  private async choose(visibility: string): Promise<void> {
    await this.act((api) => api.send("PATCH", "/v1/me", { visibility }), this.words.saved);
  }

  private async hide(path: string, hidden: boolean): Promise<void> {
    await this.act((api) => api.send(hidden ? "PUT" : "DELETE", path), this.words.saved);
  }

  private async export(): Promise<void> {
    await this.act(async (api) => {
      const answer = await api.get("/v1/me/export");
      const link = document.createElement("a");
      link.href = secureAddress(fields(answer)["url"]) ?? blobOf(answer);
      link.download = "top-songs.json";
      link.click();
      URL.revokeObjectURL(link.href);
    }, this.words.exported);
  }

  private async erase(): Promise<void> {
    const typed = this.renderRoot.querySelector<HTMLInputElement>("dialog input")?.value.trim();
    if (typed?.toLowerCase() !== this.words.confirmation) return;
    this.dialog?.close();
    await this.act(async (api) => {
      const answer = fields(await api.send("DELETE", "/v1/me"));
      this.erasure = this.words.deleting;
      void this.untilErased(api, text(answer["receipt"]));
    }, "");
  }

  /** Asks how far the erasure is until it is done. */
  private async untilErased(api: Api, receipt: string): Promise<void> {
    const path = `/v1/me/erasure/${encodeURIComponent(receipt)}`;
    const { deleted } = this.words;
    while (this.isConnected && this.erasure !== deleted) {
      const answer = fields(await api.get(path).catch(() => ({})));
      if (answer["progress"] === "done") this.erasure = deleted;
      else await new Promise((passed) => setTimeout(passed, LOOK_MS));
      this.requestUpdate();
    }
  }
}

/** Songs that are hidden but not played this week: they can be shown again all the same. */
function unlisted(hidden: unknown, listed: readonly Song[]): readonly Song[] {
  const known = new Set(listed.map((song) => song.id));
  return list(hidden)
    .map(fields)
    .map((one) => songOf({ ...one, title: text(one["title"]) || one["song_id"], hidden: true }))
    .filter((song) => song !== undefined)
    .filter((song) => !known.has(song.id));
}

function blobOf(answer: unknown): string {
  return URL.createObjectURL(new Blob([JSON.stringify(answer, null, 2)], { type: "application/json" }));
}
