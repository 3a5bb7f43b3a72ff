import { css } from "lit";

import { BUTTON } from "../look/button.ts";
import { PROVIDER_STYLE } from "../look/providers.ts";
import { TOKENS } from "../look/tokens.ts";
import { COVER_STYLE } from "../widget/cover.ts";
import { FRAME_STYLE } from "../widget/frame-style.ts";
import { LIST_STYLE } from "../widget/list-style.ts";
import { NOTICE_STYLE } from "../widget/notice.ts";

export const ACCOUNT_STYLE = [
  TOKENS,
  BUTTON,
  PROVIDER_STYLE,
  FRAME_STYLE,
  LIST_STYLE,
  COVER_STYLE,
  NOTICE_STYLE,
  css`
    .stack {
      display: grid;
      gap: 1rem;
    }
    .card {
      padding: 1.25rem;
      border: 1px solid var(--line);
      border-radius: var(--radius);
      background: var(--surface);
    }
    .entry {
      display: grid;
      grid-template-columns: minmax(0, 1fr) auto;
      align-items: center;
      gap: 0.5rem 1rem;
      padding-block: 0.9rem;
      border-block-start: 1px solid var(--line);
      overflow-wrap: anywhere;
    }
    .person {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      justify-content: space-between;
      gap: 0.5rem 1rem;
      padding-block: 0.6rem;
      overflow-wrap: anywhere;
    }
    .entry:first-child {
      border-block-start: 0;
    }
    .entry strong,
    h2,
    legend {
      font-weight: 700;
    }
    h2,
    legend {
      font-size: 1.125em;
      letter-spacing: -0.01em;
      padding: 0;
    }
    .calm,
    small {
      color: var(--muted);
      font-size: 0.875em;
    }
    .attention {
      color: var(--warn);
      font-size: 0.875em;
      font-weight: 600;
    }
    .actions {
      display: flex;
      flex-wrap: wrap;
      gap: 0.5rem;
    }
    :host {
      position: relative;
    }
    .message {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 0.5rem;
      margin-block-start: 1rem;
      padding: 0.5rem 0.5rem 0.5rem 1rem;
      border: 1px solid var(--accent);
      border-radius: 12px;
      background: var(--surface);
      overflow-wrap: anywhere;
    }
    .message p {
      flex: 1 1 10rem;
    }
    .message.beside {
      position: absolute;
      inset-inline: 0;
      z-index: 2;
      max-width: 30rem;
      margin: 0 auto;
      box-shadow: 0 8px 24px rgb(0 0 0 / 18%);
    }
    .quiet {
      border-color: transparent;
      background: none;
    }
    fieldset {
      display: grid;
      gap: 0.6rem;
      margin: 0;
      border: 1px solid var(--line);
    }
    legend {
      float: inline-start;
    }
    label {
      display: flex;
      gap: 0.6rem;
      align-items: baseline;
    }
    .choice {
      display: flex;
      flex-wrap: wrap;
      gap: 0 0.6rem;
      overflow-wrap: anywhere;
    }
    label .title {
      font-weight: 400;
    }
    input {
      accent-color: var(--accent);
    }
    .danger {
      color: var(--down);
    }
    dialog {
      max-width: min(30rem, 92vw);
      padding: 1.5rem;
      border: 1px solid var(--line);
      border-radius: var(--radius);
      background: var(--surface);
      color: var(--ink);
    }
    dialog::backdrop {
      background: rgb(0 0 0 / 50%);
    }
    dialog input {
      width: 100%;
      padding: 0.55rem 0.75rem;
      border: 1px solid var(--muted);
      border-radius: 10px;
      background: var(--raised);
      color: var(--ink);
      font: inherit;
    }
    dialog > * + * {
      margin-block-start: 1rem;
    }
    @container (max-width: 25rem) {
      .entry .actions {
        grid-column: 1 / -1;
      }
      .card {
        padding: 1rem;
      }
    }
  `,
];
