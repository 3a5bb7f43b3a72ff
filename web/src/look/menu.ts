import { css } from "lit";

/** A menu above the page (popover), placed by its opener. */
export const MENU = css`
  .menu {
    position: fixed;
    inset: auto;
    margin: 0;
    padding: 0.35rem;
    border: 1px solid var(--line);
    border-radius: 12px;
    background: var(--surface);
    color: var(--ink);
    box-shadow: 0 8px 24px rgb(0 0 0 / 18%);
  }
`;
