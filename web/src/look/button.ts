import { css } from "lit";

export const BUTTON = css`
  button,
  .button {
    min-height: 2.5em;
    padding: 0.4em 1em;
    border: 1px solid var(--line);
    border-radius: 999px;
    background: var(--raised);
    color: var(--ink);
    font: 600 0.875em/1.2 var(--font);
    cursor: pointer;
    transition: border-color 120ms;
  }
  .button {
    display: inline-grid;
    align-content: center;
    text-decoration: none;
  }
  .primary {
    border-color: var(--accent);
    background: var(--accent);
    color: var(--on-accent);
  }
  button:hover,
  .button:hover {
    border-color: var(--muted);
  }
  button:focus-visible,
  .button:focus-visible {
    border-radius: 999px;
  }
  button:disabled {
    color: var(--muted);
    cursor: default;
  }
`;
