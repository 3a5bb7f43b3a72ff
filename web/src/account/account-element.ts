import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";

import { Api, type GetToken } from "../api/api.ts";
import { failureOf, type Failure } from "../api/failure.ts";
import { notice } from "../widget/notice.ts";
import { accountWordsIn } from "../words/account/language.ts";
import { ENGLISH } from "../words/account/english.ts";
import type { AccountWords } from "../words/account/words.ts";
import { languageOf } from "../words/language.ts";

interface Message {
  readonly text: string;
  readonly undo?: (() => void) | undefined;
}

/** What the elements for a signed-in user share: loading, calm failures, and doing one thing. */
export abstract class AccountElement extends LitElement {
  static override properties = { api: {}, lang: { reflect: true }, getToken: { attribute: false } };

  declare api: string;
  declare getToken: GetToken | undefined;
  protected words: AccountWords = ENGLISH;
  protected language = "en";
  private failure: Failure | undefined;
  private loaded = false;
  private busy = false;
  private message: Message | undefined;
  private isNews = false;
  /** Where the last action was, in pixels from the top of the element. */
  private place: number | undefined;
  private takesFocus = true;

  constructor() {
    super();
    this.api = "";
    for (const kind of ["click", "change", "submit"]) {
      this.addEventListener(kind, (event) => this.note(event.composedPath()[0]));
    }
  }

  protected abstract readonly name: "accounts" | "people" | "followers" | "imports" | "scrobblers" | "corrections" | "privacy";
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

  /**
   * Does one thing at a time, says `done` or that it failed beside where it was asked for, and shows
   * what is then so. Returns whether it was done.
   */
  protected async act(
    work: (api: Api) => Promise<unknown>,
    done: string,
    undo?: () => void,
  ): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.requestUpdate();
    let failure: Failure | undefined;
    try {
      await work(this.client());
      await this.reload();
    } catch (error) {
      failure = failureOf(error);
    }
    this.busy = false;
    this.say(failure ? this.refusal(failure) : done, failure ? undefined : undo);
    return !failure;
  }

  private refusal(failure: Failure): string {
    const seconds = "seconds" in failure ? (failure.seconds ?? 0) : 0;
    const { limited, failed } = this.words;
    return failure.kind === "limited" ? limited(Math.ceil(seconds / 60)) : failed;
  }

  protected client(): Api {
    return new Api(this.api, this.getToken);
  }

  /** Shows a sentence where the last action was, with a button that undoes it. */
  protected say(text: string, undo?: () => void): void {
    this.message = text ? { text, undo } : undefined;
    this.isNews = text !== "";
    this.requestUpdate();
  }

  /** Remembers `target` as the place of an action. */
  protected note(target: EventTarget | undefined): void {
    if (!(target instanceof Element) || target.closest(".message, dialog")) return;
    // Among choices the arrow keys go on from where they are.
    this.takesFocus = !target.matches("input");
    this.place = target.getBoundingClientRect().bottom - this.getBoundingClientRect().top;
  }

  protected override updated(): void {
    const shown = this.renderRoot.querySelector<HTMLElement>(".message");
    if (!this.isNews || !shown) return;
    this.isNews = false;
    if (this.place === undefined) return;
    shown.classList.add("beside");
    shown.style.top = `${this.place + 8}px`;
    shown.scrollIntoView({ block: "nearest" });
    if (!this.takesFocus) return;
    (shown.querySelector<HTMLElement>(".undo") ?? shown).focus({ preventScroll: true });
  }

  protected override render(): TemplateResult {
    this.language = languageOf(this);
    const words = accountWordsIn(this, this.language);
    if (!words) return html`<section aria-busy="true"><slot></slot></section>`;
    this.words = words;
    return html`<section
      aria-label=${words[this.name]}
      aria-busy=${!this.loaded && !this.failure}
    >
      ${this.body()}
      <div role="status">${this.message ? this.shown(this.message) : nothing}</div>
    </section>`;
  }

  private shown({ text, undo }: Message): TemplateResult {
    return html`<div class="message" tabindex="-1">
      <p>${text}</p>
      ${undo
        ? html`<button
            class="undo"
            type="button"
            @click=${() => {
              this.say("");
              undo();
            }}
            >${this.words.undo}</button
          >`
        : nothing}
      <button class="quiet" type="button" @click=${() => this.say("")}>${this.words.close}</button>
    </div>`;
  }

  private body(): TemplateResult {
    const { words, failure } = this;
    if (this.loaded) return this.content();
    if (!failure) return html`<slot><p class="calm">${words.loading}</p></slot>`;
    const sentence = {
      offline: words.offline,
      "signed-out": words.signedOut,
      "not-available": words.notAvailable,
      refused: words.notAvailable,
      unreadable: words.unreadable,
      limited: this.refusal(failure),
      down: words.down,
    }[failure.kind];
    return notice(sentence, "", { words, again: () => void this.reload() });
  }
}
