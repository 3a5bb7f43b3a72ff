import { css } from "lit";

export const FRAME_STYLE = css`
  :host {
    container-type: inline-size;
  }
  .frame {
    overflow: hidden;
    padding: 1.25rem 1.25rem 0.75rem;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--surface);
  }
  header {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    justify-content: space-between;
    gap: 0.25rem 1rem;
    margin-block-end: 0.5rem;
  }
  .heading {
    font-size: 1.125em;
    font-weight: 700;
    line-height: 1.25;
    letter-spacing: -0.01em;
    overflow-wrap: anywhere;
  }
  .facts {
    display: flex;
    flex-wrap: wrap;
    gap: 0 0.75rem;
    color: var(--muted);
    font-size: 0.8125em;
  }
  .facts .warn {
    color: var(--warn);
  }
  .facts button {
    min-height: 0;
    padding: 0;
    border: 0;
    background: none;
    color: var(--accent);
    font-size: 1em;
    text-decoration: underline;
    text-underline-offset: 0.2em;
  }
  .slow {
    padding-block: 0.5rem;
    color: var(--muted);
    font-size: 0.875em;
    text-align: center;
  }
  .providers {
    display: inline-flex;
    gap: 0.2rem;
  }
  @container (max-width: 25rem) {
    .frame {
      padding: 1rem 0.75rem 0.5rem;
    }
  }
`;
