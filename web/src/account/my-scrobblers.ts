import { css, html, nothing, type TemplateResult } from "lit";

import type { Api } from "../api/api.ts";
import { ApiError } from "../api/failure.ts";
import { count, fields, list, text } from "../api/fields.ts";
import { distance } from "../words/when.ts";
import { ACCOUNT_STYLE } from "./account-style.ts";
import { AccountElement } from "./account-element.ts";

interface Token {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly lastUsed: number;
}

const LONGEST_NAME = 64;

/**
 * The players that push plays for the signed-in user: their tokens, and how to set one up.
 *
 * @tag my-scrobblers
 * @fires {FailureEvent} top-songs-error - something went wrong; `kind` says what
 */
export class MyScrobblers extends AccountElement {
  static override styles = [
    ACCOUNT_STYLE,
    css`
      code {
        overflow-wrap: anywhere;
      }
      dd {
        margin: 0 0 0.5rem;
      }
      form input {
        max-width: 100%;
        padding: 0.6rem;
      }
    `,
  ];

  protected readonly name = "scrobblers";
  private tokens: readonly Token[] = [];
  private playsToday = 0;
  private settings: readonly (readonly [string, string])[] = [];
  private made = "";
  private leaving: Token | undefined;

  protected async load(api: Api): Promise<void> {
    const answer = fields(await api.get("/v1/me/tokens"));
    if (!Array.isArray(answer["tokens"])) throw new ApiError({ kind: "unreadable" });
    this.tokens = list(answer["tokens"]).map(tokenOf);
    this.playsToday = count(answer["plays_today"]);
    this.settings = [
      ["ListenBrainz API URL", text(answer["listenbrainz_url"])],
      ["Last.fm API URL", text(answer["lastfm_url"])],
      ["Last.fm API key", text(answer["lastfm_api_key"])],
      ["Last.fm shared secret", text(answer["lastfm_shared_secret"])],
      ["AudioScrobbler URL", text(answer["audioscrobbler_url"])],
    ];
  }

  protected content(): TemplateResult {
    return html`<div class="stack">
      ${this.listed()} ${this.adding()} ${this.addresses()} ${this.question()}
    </div>`;
  }

  private listed(): TemplateResult {
    return html`<div class="card stack">
      <h2>${this.words.yourScrobblers}</h2>
      <p class="calm">${this.words.playsToday(this.playsToday)}</p>
      ${this.tokens.length
        ? html`<ul role="list">
            ${this.tokens.map((one) => this.entry(one))}
          </ul>`
        : html`<p>${this.words.noScrobblers}</p>`}
    </div>`;
  }

  private entry(one: Token): TemplateResult {
    const kind = one.kind === "session" ? this.words.session : this.words.personalToken;
    return html`<li class="entry">
      <div>
        <strong><bdi>${one.name}</bdi></strong>
        <p class="calm">${kind} · ${this.used(one)}</p>
      </div>
      <div class="actions">
        <button type="button" @click=${() => this.ask(one)}>
          ${this.words.revoke}<span class="unseen"> ${one.name}</span>
        </button>
      </div>
    </li>`;
  }

  private adding(): TemplateResult {
    return html`<form class="card stack" @submit=${(event: Event) => void this.add(event)}>
      <h2>${this.words.addScrobbler}</h2>
      <label for="name">${this.words.whereUsed}</label>
      <input id="name" name="name" required maxlength=${LONGEST_NAME} autocomplete="off" />
      <div class="actions"><button class="primary">${this.words.makeToken}</button></div>
      ${this.made
        ? html`<p>
            ${this.words.yourToken}
            <output><code>${this.made}</code></output>
          </p>`
        : nothing}
    </form>`;
  }

  private addresses(): TemplateResult {
    return html`<div class="card stack">
      <h2>${this.words.playerSettings}</h2>
      <p class="calm">${this.words.playerSettingsHint}</p>
      <dl>
        ${this.settings.map(
          ([name, value]) => html`<dt>${name}</dt>
            <dd><code>${value}</code></dd>`,
        )}
      </dl>
    </div>`;
  }

  private question(): TemplateResult {
    return html`<dialog aria-labelledby="q">
      <h2 id="q"><bdi>${this.words.revokeQuestion(this.leaving?.name ?? "")}</bdi></h2>
      <p>${this.words.revokeHint}</p>
      <div class="actions">
        <button class="danger" type="button" @click=${() => void this.revoke()}>${this.words.revoke}</button>
        <button type="button" @click=${() => this.dialog?.close()}>${this.words.cancel}</button>
      </div>
    </dialog>`;
  }

  private used({ lastUsed }: Token): string {
    if (!lastUsed) return this.words.neverUsed;
    return this.words.lastUsed(distance(lastUsed, this.language, Date.now()));
  }

  private get dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector("dialog");
  }

  private ask(one: Token): void {
    this.leaving = one;
    this.requestUpdate();
    this.dialog?.showModal();
  }

  private async add(event: Event): Promise<void> {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const name = text(new FormData(form).get("name")).trim();
    if (!name) return;
    await this.act(async (api) => {
      this.made = text(fields(await api.send("POST", "/v1/me/tokens", { name }))["token"]);
      form.reset();
    }, this.words.tokenMade);
  }

  private async revoke(): Promise<void> {
    this.dialog?.close();
    const path = `/v1/me/tokens/${encodeURIComponent(this.leaving?.id ?? "")}`;
    this.made = "";
    await this.act((api) => api.send("DELETE", path), this.words.revoked);
  }
}

function tokenOf(value: unknown): Token {
  const answer = fields(value);
  return {
    id: text(answer["token_id"]),
    name: text(answer["name"]),
    kind: text(answer["kind"]),
    lastUsed: count(answer["last_used_at"]),
  };
}
