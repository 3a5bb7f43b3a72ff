import { css } from "lit";

export const FRAME_STYLE = css`
  :host {
    container-type: inline-size;
  }
  .frame {
    position: relative;
    overflow: clip;
    padding: 0.75rem 0.5rem 0.25rem;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--surface);
  }
  header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 0.25rem 1rem;
    margin-block-end: 0.6rem;
  }
  .heading {
    flex: 1 1 10rem;
    font-size: 1.125em;
    font-weight: 700;
    line-height: 1.25;
    letter-spacing: -0.01em;
    overflow-wrap: anywhere;
  }
  .facts {
    display: flex;
    flex: 1 0 100%;
    flex-wrap: wrap;
    gap: 0 0.75rem;
    color: var(--muted);
    font-size: 0.8125em;
    font-variant-numeric: tabular-nums;
  }
  .facts .warn {
    color: var(--warn);
    font-weight: 600;
  }
  .facts a,
  .facts button {
    text-decoration: underline;
    text-underline-offset: 0.2em;
  }
  .facts button {
    min-height: 0;
    padding: 0;
    border: 0;
    background: none;
    color: var(--accent);
    font-size: 1em;
  }
  .switch {
    display: flex;
    flex-wrap: wrap;
    gap: 0.25rem;
    margin-block-end: 0.6rem;
  }
  .switch button {
    min-height: 2em;
    padding: 0.2em 0.6em;
    font-size: 0.8125em;
    border-color: transparent;
    background: none;
    color: var(--muted);
  }
  .switch button[aria-pressed="true"] {
    background: var(--raised);
    color: var(--ink);
  }
  .slow {
    padding-block: 0.5rem;
    color: var(--muted);
    font-size: 0.875em;
    text-align: center;
  }
  @container (min-width: 15rem) {
    .frame {
      padding: 1rem 0.75rem 0.5rem;
    }
  }
  @container (min-width: 30rem) {
    .frame {
      padding: 1.25rem 1.25rem 0.75rem;
    }
    .heading {
      font-size: 1.25em;
    }
  }
`;
