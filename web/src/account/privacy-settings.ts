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

const CHOICES = [
  ["public", "Everybody"],
  ["followers", "People who follow me"],
  ["private", "Only me"],
] as const;
const ALL = `/v1/me/top?k=${MOST_SONGS}`;
const CONFIRMATION = "delete";
const RUNS = "Everything is being deleted. It may take some minutes.";
const LOOK_MS = 1000;

/** Who sees the list, which songs and providers stay out of it, the data to take along, the end. */
export class PrivacySettings extends AccountElement {
  static override styles = ACCOUNT_STYLE;

  protected readonly name = "Privacy";
  private visibility = "";
  private songs: readonly Song[] = [];
  private hiddenProviders: readonly string[] = [];
  private preview = "";
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
    return html`<fieldset class="card">
      <legend>Who sees your list</legend>
      ${CHOICES.map(
        ([value, label]) => html`<label
          ><input
            type="radio"
            name="visibility"
            .checked=${this.visibility === value}
            @change=${() => void this.choose(value)}
          />${label}</label
        >`,
      )}
    </fieldset>`;
  }

  private asOthers(): TemplateResult {
    const show = (as: string) => (): void => {
      this.preview = this.preview === as ? "" : as;
      this.requestUpdate();
    };
    return html`<div class="card stack">
      <h2>See it as others do</h2>
      <div class="actions">
        ${["follower", "stranger"].map(
          (as) => html`<button type="button" aria-pressed=${this.preview === as} @click=${show(as)}
            >As a ${as}</button
          >`,
        )}
      </div>
      ${this.preview
        ? html`<top-songs
            signed-in
            heading-level="3"
            as=${this.preview}
            .api=${this.api}
            .getToken=${this.getToken}
          ></top-songs>`
        : nothing}
    </div>`;
  }

  private hideProviders(): TemplateResult {
    const providers = new Set([...this.songs.flatMap((song) => song.providers), ...this.hiddenProviders]);
    return html`<fieldset class="card">
      <legend>Providers that others see</legend>
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
      <legend>Songs that others see</legend>
      ${this.songs.map((song) => {
        const path = `/v1/me/hidden/songs/${encodeURIComponent(song.id)}`;
        return html`<label
          ><input
            type="checkbox"
            .checked=${!song.hidden}
            @change=${() => void this.hide(path, !song.hidden)}
          /><bdi class="title">${song.title}</bdi></label
        >`;
      })}
    </fieldset>`;
  }

  private leaving(): TemplateResult {
    return html`<div class="card stack">
        <h2>Your data</h2>
        <p class="calm">An export holds all that is kept of you. It can be had every five minutes.</p>
        <div class="actions">
          <button type="button" @click=${() => void this.export()}>Export everything</button>
          <button class="danger" type="button" @click=${() => this.dialog?.showModal()}
            >Delete everything</button
          >
        </div>
      </div>
      <dialog aria-labelledby="q">
        <h2 id="q">Delete everything?</h2>
        <p>Accounts, plays, lists and settings go for good. Type ${CONFIRMATION} to confirm.</p>
        <input aria-label="Type ${CONFIRMATION} to confirm" autocomplete="off" />
        <div class="actions">
          <button class="danger" type="button" @click=${() => void this.erase()}
            >Delete everything</button
          >
          <button type="button" @click=${() => this.dialog?.close()}>Cancel</button>
        </div>
      </dialog>`;
  }

  private get dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector("dialog");
  }

  private async choose(visibility: string): Promise<void> {
    await this.act((api) => api.send("PATCH", "/v1/me", { visibility }), "Saved.");
  }

  private async hide(path: string, hidden: boolean): Promise<void> {
    await this.act((api) => api.send(hidden ? "PUT" : "DELETE", path), "Saved.");
  }

  private async export(): Promise<void> {
    await this.act(async (api) => {
      const answer = await api.get("/v1/me/export");
      const link = document.createElement("a");
      link.href = secureAddress(fields(answer)["url"]) ?? blobOf(answer);
      link.download = "top-songs.json";
      link.click();
      URL.revokeObjectURL(link.href);
    }, "The export is in your downloads.");
  }

  private async erase(): Promise<void> {
    const typed = this.renderRoot.querySelector<HTMLInputElement>("dialog input")?.value.trim();
    if (typed?.toLowerCase() !== CONFIRMATION) return;
    this.dialog?.close();
    await this.act(async (api) => {
      const answer = fields(await api.send("DELETE", "/v1/me"));
      this.erasure = RUNS;
      void this.untilErased(api, text(answer["receipt"]));
    }, "");
  }

  /** Asks how far the erasure is until it is done. */
  private async untilErased(api: Api, receipt: string): Promise<void> {
    const path = `/v1/me/erasure/${encodeURIComponent(receipt)}`;
    while (this.isConnected && this.erasure === RUNS) {
      const answer = fields(await api.get(path).catch(() => ({})));
      if (answer["progress"] === "done") this.erasure = "Everything is deleted.";
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
