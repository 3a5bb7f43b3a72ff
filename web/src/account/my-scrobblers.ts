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

/** The players that push plays for the signed-in user: their tokens, and how to set one up. */
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

  protected readonly name = "Scrobblers";
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
    const plays = this.playsToday === 1 ? "1 play today" : `${this.playsToday} plays today`;
    return html`<div class="card stack">
      <h2>Your scrobblers</h2>
      <p class="calm">${plays}</p>
      ${this.tokens.length
        ? html`<ul role="list">
            ${this.tokens.map((one) => this.entry(one))}
          </ul>`
        : html`<p>None yet. Make a token, and paste it into a player.</p>`}
    </div>`;
  }

  private entry(one: Token): TemplateResult {
    const kind = one.kind === "session" ? "Signed in by Last.fm's protocol" : "Personal token";
    return html`<li class="entry">
      <span class="tile" aria-hidden="true">♪</span>
      <div>
        <strong><bdi>${one.name}</bdi></strong>
        <p class="calm">${kind} · ${used(one)}</p>
      </div>
      <div class="actions">
        <button type="button" @click=${() => this.ask(one)}>
          Revoke<span class="unseen"> ${one.name}</span>
        </button>
      </div>
    </li>`;
  }

  private adding(): TemplateResult {
    return html`<form class="card stack" @submit=${(event: Event) => void this.add(event)}>
      <h2>Add a scrobbler</h2>
      <label for="name">Where it is used</label>
      <input id="name" name="name" required maxlength=${LONGEST_NAME} autocomplete="off" />
      <div class="actions"><button class="primary">Make a token</button></div>
      ${this.made
        ? html`<p>
            Your token, shown this one time:
            <output><code>${this.made}</code></output>
          </p>`
        : nothing}
    </form>`;
  }

  private addresses(): TemplateResult {
    return html`<div class="card stack">
      <h2>Settings for players</h2>
      <p class="calm">A token is the user token, or the password with your user id.</p>
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
      <h2 id="q">Revoke <bdi>${this.leaving?.name ?? ""}</bdi>?</h2>
      <p>It can push no more plays. Those that it pushed stay.</p>
      <div class="actions">
        <button class="danger" type="button" @click=${() => void this.revoke()}>Revoke</button>
        <button type="button" @click=${() => this.dialog?.close()}>Cancel</button>
      </div>
    </dialog>`;
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
    }, "The token is made. Copy it now: it is not shown again.");
  }

  private async revoke(): Promise<void> {
    this.dialog?.close();
    const path = `/v1/me/tokens/${encodeURIComponent(this.leaving?.id ?? "")}`;
    this.made = "";
    await this.act((api) => api.send("DELETE", path), "Revoked.");
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

function used(one: Token): string {
  if (!one.lastUsed) return "Never used";
  return `Last used ${distance(one.lastUsed, "en", Date.now())}`;
}
