import { html, nothing, type TemplateResult } from "lit";

import { secureAddress } from "../api/address.ts";
import type { Api } from "../api/api.ts";
import { ApiError } from "../api/failure.ts";
import { count, fields, list, text } from "../api/fields.ts";
import { providerName } from "../look/providers.ts";
import type { AccountWords } from "../words/account/words.ts";
import { distance } from "../words/when.ts";
import { ACCOUNT_STYLE } from "./account-style.ts";
import { AccountElement } from "./account-element.ts";

interface Connection {
  readonly provider: string;
  readonly status: string;
  readonly crawledThrough: number;
  readonly attention: string;
  readonly isDuplicate: boolean;
  readonly isCounted: boolean;
  readonly deletesPlays: boolean;
}

const USUAL = ["spotify", "apple_music", "youtube", "lastfm", "listenbrainz"];

/**
 * The music accounts of the signed-in user: connect, reconnect, disconnect, and how each is.
 *
 * @tag connected-accounts
 * @fires {FailureEvent} top-songs-error - something went wrong; `kind` says what
 */
export class ConnectedAccounts extends AccountElement {
  static override properties = {
    ...AccountElement.properties,
    providers: { attribute: false },
    returnTo: { attribute: "return-to" },
  };
  static override styles = ACCOUNT_STYLE;

  declare providers: readonly string[] | undefined;
  declare returnTo: string | undefined;
  protected readonly name = "accounts";
  private connections: readonly Connection[] = [];
  private leaving = "";

  override connectedCallback(): void {
    super.connectedCallback();
    const query = new URLSearchParams(location.search);
    const provider = this.safeName(query.get("provider") ?? "");
    if (query.has("connect_error")) this.say(this.words.notConnectedYet(provider));
  }

  protected async load(api: Api): Promise<void> {
    await this.confirm(api);
    const [answer, duplicates] = await Promise.all([
      api.get("/v1/connections").then(fields),
      duplicateAccounts(api),
    ]);
    if (!Array.isArray(answer["connections"])) throw new ApiError({ kind: "unreadable" });
    this.connections = list(answer["connections"]).map((one) => connectionOf(one, duplicates));
  }

  protected content(): TemplateResult {
    const connected = this.connections.map((one) => one.provider);
    const offered = this.known.filter((one) => !connected.includes(one));
    return html`<ul class="card" role="list">
        ${this.connections.map((one) => this.connected(one))}
        ${offered.map((one) => this.offered(one))}
      </ul>
      ${this.question()}`;
  }

  private get known(): readonly string[] {
    return this.providers?.length ? this.providers : USUAL;
  }

  /** A provider that the address names: anybody can write a link, so its own words are not shown. */
  private safeName(provider: string): string {
    return this.known.includes(provider) ? providerName(provider) : this.words.theAccount;
  }

  private connected(one: Connection): TemplateResult {
    const name = providerName(one.provider);
    return html`<li class="entry">
      <div>
        <strong>${name}</strong>
        <p class="calm">${standing(one, this.words, this.language)}</p>
        ${one.attention ? html`<p class="attention">${needed(one.attention, this.words)}</p>` : nothing}
        ${one.isDuplicate ? html`<p class="calm">${this.words.duplicate}</p>` : nothing}
        ${one.isCounted ? nothing : html`<p class="calm">${this.words.notMixed}</p>`}
      </div>
      <div class="actions">
        ${one.attention ? this.button(one.provider, this.words.reconnect, "primary") : nothing}
        <button type="button" @click=${() => this.ask(one.provider)}>
          ${this.words.disconnect}<span class="unseen"> ${name}</span>
        </button>
      </div>
    </li>`;
  }

  private offered(provider: string): TemplateResult {
    return html`<li class="entry">
      <div><strong>${providerName(provider)}</strong><p class="calm">${this.words.notConnected}</p></div>
      <div class="actions">${this.button(provider, this.words.connect, "")}</div>
    </li>`;
  }

  private button(provider: string, verb: string, look: string): TemplateResult {
    return html`<button class=${look} type="button" @click=${() => this.connect(provider)}
      >${verb}<span class="unseen"> ${providerName(provider)}</span></button
    >`;
  }

  private question(): TemplateResult {
    const leave = (plays: string): void => void this.disconnect(plays);
    const kept = !this.connections.some((one) => one.provider === this.leaving && one.deletesPlays);
    return html`<dialog aria-labelledby="q">
      <h2 id="q">${this.words.disconnectQuestion(providerName(this.leaving))}</h2>
      <p>${kept ? this.words.playsCanStay : this.words.playsMustGo}</p>
      <div class="actions">
        ${kept
          ? html`<button type="button" @click=${() => leave("")}>${this.words.keepPlays}</button>`
          : nothing}
        <button class="danger" type="button" @click=${() => leave("?plays=delete")}>
          ${this.words.deletePlays}
        </button>
        <button type="button" @click=${() => this.dialog?.close()}>${this.words.cancel}</button>
      </div>
    </dialog>`;
  }

  private get dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector("dialog");
  }

  private ask(provider: string): void {
    this.leaving = provider;
    this.requestUpdate();
    this.dialog?.showModal();
  }

  private async disconnect(plays: string): Promise<void> {
    this.dialog?.close();
    const path = `/v1/connections/${encodeURIComponent(this.leaving)}${plays}`;
    await this.act((api) => api.send("DELETE", path), this.words.disconnected);
  }

  /** Says with the signed-in user's token that they began what the browser has come back from. */
  private async confirm(api: Api): Promise<void> {
    const query = new URLSearchParams(location.search);
    const [provider, confirmation] = [query.get("provider"), query.get("confirmation")];
    if (!provider || !confirmation) return;
    history.replaceState(null, "", location.pathname);
    const path = `/v1/connections/${encodeURIComponent(provider)}/confirmation`;
    try {
      await api.send("POST", path, { confirmation });
      this.say(this.words.connected(this.safeName(provider)));
    } catch {
      this.say(this.words.notConnectedYet(this.safeName(provider)));
    }
  }

  private async connect(provider: string): Promise<void> {
    const returnTo = this.returnTo ?? location.origin + location.pathname;
    await this.act(async (api) => {
      const path = `/v1/connections/${encodeURIComponent(provider)}`;
      const answer = fields(await api.send("POST", path, { return_to: returnTo }));
      const address = secureAddress(answer["authorize_url"]);
      if (!address) throw new ApiError({ kind: "unreadable" });
      location.assign(address);
    }, this.words.goingTo(providerName(provider)));
  }
}

/** The providers of the accounts that do not count; none where the list cannot be read. */
async function duplicateAccounts(api: Api): Promise<readonly string[]> {
  try {
    const answer = fields(fields(await api.get("/v1/me/top?k=1"))["completeness"]);
    return list(answer["duplicate_accounts"]).map(text);
  } catch {
    return [];
  }
}

function connectionOf(value: unknown, duplicates: readonly string[]): Connection {
  const answer = fields(value);
  return {
    provider: text(answer["provider"]),
    status: text(answer["status"]),
    crawledThrough: count(answer["crawled_through"]),
    deletesPlays: answer["plays_deleted_on_disconnect"] === true,
    attention: text(answer["attention"]),
    isDuplicate: duplicates.includes(text(answer["provider"])),
    isCounted: answer["counted"] !== false,
  };
}

function standing(one: Connection, words: AccountWords, language: string): string {
  const { status, crawledThrough } = one;
  if (status === "paused") return words.paused;
  if (status !== "active") return words.notRead;
  if (!crawledThrough) return words.waitingForPlays;
  // Where this device's clock is behind the API's, the last crawl lies ahead of it.
  const now = Math.max(Date.now(), crawledThrough * 1000);
  return words.lastRead(distance(crawledThrough, language, now));
}

function needed(code: string, words: AccountWords): string {
  return code === "consent_ends_soon" ? words.consentEnds : words.signInNeeded;
}
