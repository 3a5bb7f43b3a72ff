import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";

import { Api, type GetToken } from "../api/api.ts";
import { failureOf, type Failure } from "../api/failure.ts";
import { ENGLISH } from "../words/english.ts";
import { failureNotice } from "../widget/notice.ts";

/** What the elements for a signed-in user share: loading, calm failures, and doing one thing. */
export abstract class AccountElement extends LitElement {
  static override properties = { api: {}, getToken: { attribute: false } };

  declare api: string;
  declare getToken: GetToken | undefined;
  private failure: Failure | undefined;
  private loaded = false;
  private busy = false;
  private message = "";

  constructor() {
    super();
    this.api = "";
  }

  protected abstract readonly name: string;
  protected abstract load(api: Api): Promise<void>;
  protected abstract content(): TemplateResult;

  protected override willUpdate(changed: PropertyValues): void {
    if ((changed.has("api") || changed.has("getToken")) && this.api && this.getToken) {
      void this.reload();
    }
  }

  protected readonly reload = async (): Promise<void> => {
    try {
      await this.load(this.client());
      this.loaded = true;
      this.failure = undefined;
    } catch (error) {
      this.failure = failureOf(error);
      const detail = { kind: this.failure.kind };
      this.dispatchEvent(
        new CustomEvent("top-songs-error", { detail, bubbles: true, composed: true }),
      );
    }
    this.requestUpdate();
  };

  /** Does one thing at a time, says `done` or that it failed, and shows what is then so. */
  protected async act(work: (api: Api) => Promise<unknown>, done: string): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.requestUpdate();
    try {
      await work(this.client());
      this.message = done;
      await this.reload();
    } catch (error) {
      this.message = `That did not work. Try again in ${pause(failureOf(error))}.`;
    }
    this.busy = false;
    this.requestUpdate();
  }

  protected client(): Api {
    return new Api(this.api, this.getToken);
  }

  protected say(message: string): void {
    this.message = message;
    this.requestUpdate();
  }

  protected override render(): TemplateResult {
    return html`<section aria-label=${this.name} aria-busy=${!this.loaded && !this.failure}>
      <p class="message" role="status">${this.message || nothing}</p>
      ${this.body()}
    </section>`;
  }

  private body(): TemplateResult {
    if (this.loaded) return this.content();
    if (!this.failure) return html`<slot><p class="calm">Loading</p></slot>`;
    const words = { ...ENGLISH, ...WORDS };
    return failureNotice(this.failure, words, () => void this.reload());
  }
}

/** How long to wait: what the API said, rounded up to minutes, or a moment. */
function pause(failure: Failure): string {
  const seconds = "seconds" in failure ? (failure.seconds ?? 0) : 0;
  const minutes = Math.ceil(seconds / 60);
  return minutes > 1 ? `${minutes} minutes` : "a moment";
}

const WORDS = {
  signedOut: "Sign in again to see this.",
  down: "This cannot be reached at the moment.",
  unreadable: "The answer could not be read.",
  notAvailable: "This is not available.",
  offline: "You are offline.",
};
