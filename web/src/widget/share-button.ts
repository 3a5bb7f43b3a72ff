import { css, html, LitElement, nothing, type TemplateResult } from "lit";

import { BUTTON } from "../look/button.ts";
import { MENU } from "../look/menu.ts";
import { TOKENS } from "../look/tokens.ts";
import type { Words } from "../words/words.ts";

/** Shares the address of a list: by the system's sheet, as a link, or as a picture where the list is public. */
export class ShareButton extends LitElement {
  static override properties = {
    address: {},
    heading: {},
    picture: {},
    words: { attribute: false },
  };
  static override styles = [
    TOKENS,
    BUTTON,
    MENU,
    css`
      :host {
        position: relative;
      }
      .menu > * {
        display: block;
        width: 100%;
        border: 0;
        border-radius: 8px;
        background: none;
        text-align: start;
        line-height: 1.6;
      }
      .menu > :hover {
        background: var(--raised);
      }
    `,
  ];

  /** The address that is shared. */
  declare address: string;
  declare heading: string;
  /** The address of the picture, which is offered once it could be loaded. */
  declare picture: string;
  declare words: Words;
  private drawn = "";
  private said = "";

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.forget();
  }

  protected override render(): TemplateResult {
    const { words } = this;
    return html`<button
        type="button"
        part="button"
        @click=${(event: Event) => void this.open(event)}
      >
        ${words.share}
      </button>
      <div class="menu" popover="auto">
        <button type="button" @click=${() => void this.copy()}>${this.said || words.copyLink}</button>
        ${this.drawn
          ? html`<a class="button" href=${this.drawn} download="top-songs.png">${words.picture}</a>`
          : nothing}
      </div>
      <span class="unseen" role="status">${this.said}</span>`;
  }

  /** A phone's own sheet where there is one, else the menu. */
  private async open(event: Event): Promise<void> {
    const button = event.currentTarget as HTMLElement;
    const shared = { title: this.heading, url: this.address };
    if (matchMedia("(pointer: coarse)").matches && "share" in navigator) {
      await navigator.share(shared).catch(() => undefined);
      return;
    }
    this.said = "";
    const menu = this.renderRoot.querySelector<HTMLElement>(".menu");
    if (!menu) return;
    menu.showPopover();
    const at = button.getBoundingClientRect();
    menu.style.top = `${at.bottom + 4}px`;
    menu.style.left = `${Math.max(Math.min(at.right, innerWidth - 8) - menu.offsetWidth, 8)}px`;
    menu.querySelector("button")?.focus();
    await this.draw();
  }

  private async copy(): Promise<void> {
    await navigator.clipboard.writeText(this.address).catch(() => undefined);
    this.said = this.words.copied;
    this.requestUpdate();
  }

  /** Only a public list has a picture; for any other the API has none. */
  private async draw(): Promise<void> {
    const ask: RequestInit = { credentials: "omit", referrerPolicy: "no-referrer" };
    const answer = await fetch(this.picture, ask).catch(() => undefined);
    this.forget();
    if (answer?.ok) this.drawn = URL.createObjectURL(await answer.blob());
    this.requestUpdate();
  }

  private forget(): void {
    if (this.drawn) URL.revokeObjectURL(this.drawn);
    this.drawn = "";
  }
}
