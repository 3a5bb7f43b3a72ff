import { css, html, LitElement, type TemplateResult } from "lit";

import { MENU } from "../look/menu.ts";
import { TOKENS } from "../look/tokens.ts";

/** What a menu offers; it closes before `chosen` is called. */
export interface MenuItem {
  readonly label: string;
  readonly chosen: () => void;
}

const STEPS: Readonly<Record<string, (at: number, last: number) => number>> = {
  ArrowDown: (at, last) => (at < last ? at + 1 : 0),
  ArrowUp: (at, last) => (at > 0 ? at - 1 : last),
  Home: () => 0,
  End: (_, last) => last,
};

/** A button with a menu for one song. Arrow keys move in the menu, Escape and Tab close it. */
export class SongMenu extends LitElement {
  static override properties = {
    label: { attribute: false },
    items: { attribute: false },
  };
  static override styles = [
    TOKENS,
    MENU,
    css`
      :host {
        position: relative;
        z-index: 1;
      }
      button {
        border: 0;
        border-radius: 8px;
        background: none;
        color: inherit;
        font: inherit;
        cursor: pointer;
      }
      .opener {
        min-width: 2rem;
        min-height: 1.5rem;
        padding: 0;
        color: var(--muted);
        line-height: 1;
      }
      .menu button {
        display: block;
        width: 100%;
        min-height: 2.5rem;
        padding: 0.4rem 0.8rem;
        text-align: start;
      }
      .menu button:hover {
        background: var(--raised);
      }
    `,
  ];

  declare label: string;
  declare items: readonly MenuItem[];
  private open = false;

  constructor() {
    super();
    this.label = "";
    this.items = [];
  }

  override focus(): void {
    this.opener?.focus();
  }

  protected override render(): TemplateResult {
    return html`<button
        class="opener"
        type="button"
        aria-label=${this.label}
        aria-haspopup="menu"
        aria-expanded=${this.open}
        @click=${this.show}
        ><span aria-hidden="true">⋯</span></button
      >
      <div
        class="menu"
        role="menu"
        popover="auto"
        aria-label=${this.label}
        @toggle=${this.toggled}
        @keydown=${this.moved}
      >
        ${this.items.map(
          (item) => html`<button
            type="button"
            role="menuitem"
            tabindex="-1"
            @click=${() => {
              this.choose(item);
            }}
            ><bdi>${item.label}</bdi></button
          >`,
        )}
      </div>`;
  }

  private get opener(): HTMLElement | null {
    return this.renderRoot.querySelector(".opener");
  }

  private get menu(): HTMLElement | null {
    return this.renderRoot.querySelector(".menu");
  }

  private get entries(): readonly HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>("[role=menuitem]")];
  }

  private readonly show = (): void => {
    const { menu, opener } = this;
    if (!menu || !opener) return;
    menu.showPopover();
    const at = opener.getBoundingClientRect();
    const left = Math.min(at.right, innerWidth - 8) - menu.offsetWidth;
    const below = at.bottom + menu.offsetHeight < innerHeight;
    menu.style.left = `${Math.max(left, 8)}px`;
    menu.style.top = `${below ? at.bottom : Math.max(at.top - menu.offsetHeight, 8)}px`;
    this.entries[0]?.focus();
  };

  private readonly toggled = (event: ToggleEvent): void => {
    this.open = event.newState === "open";
    this.requestUpdate();
  };

  private readonly moved = (event: KeyboardEvent): void => {
    const { entries } = this;
    const step = STEPS[event.key];
    if (step) {
      event.preventDefault();
      const at = entries.findIndex((entry) => entry.matches(":focus"));
      entries[step(at, entries.length - 1)]?.focus();
    } else if (event.key === "Tab" || event.key === "Escape") {
      event.preventDefault();
      this.close();
    }
  };

  private close(): void {
    this.menu?.hidePopover();
    this.opener?.focus();
  }

  private choose(item: MenuItem): void {
    this.close();
    item.chosen();
  }
}
