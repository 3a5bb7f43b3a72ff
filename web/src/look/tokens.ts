import { css } from "lit";

/** Colours and measures; every public custom property is read here and nowhere else. */
export const TOKENS = css`
  :host {
    color-scheme: light dark;
    --surface: var(--top-songs-surface, light-dark(#ffffff, #15171c));
    --raised: var(--top-songs-raised, light-dark(#f4f4f6, #20232a));
    --ink: var(--top-songs-ink, light-dark(#17181c, #f2f3f5));
    --muted: var(--top-songs-muted, light-dark(#5c606b, #a4a9b6));
    --line: var(--top-songs-line, light-dark(#e6e7ea, #2b2f38));
    --accent: var(--top-songs-accent, light-dark(#5b3fd6, #b3a4ff));
    --on-accent: var(--top-songs-on-accent, light-dark(#ffffff, #17131f));
    --up: var(--top-songs-up, light-dark(#14703a, #6fd394));
    --down: var(--top-songs-down, light-dark(#a4481a, #f0a37c));
    --warn: var(--top-songs-warn, light-dark(#8a5300, #f1c06b));
    --radius: var(--top-songs-radius, 16px);
    --cover: var(--top-songs-cover, 48px);
    --font: var(--top-songs-font, ui-sans-serif, system-ui, "Segoe UI", Roboto, sans-serif);
    display: block;
    color: var(--ink);
    font: 400 1rem/1.4 var(--font);
    font-size: var(--top-songs-size, 1rem);
    text-align: start;
  }
  :host([theme="light"]) {
    color-scheme: light;
  }
  :host([theme="dark"]) {
    color-scheme: dark;
  }
  :host([theme="inherit"]) {
    color-scheme: inherit;
  }
  :host([hidden]) {
    display: none;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  h2,
  h3,
  p,
  ol,
  ul {
    margin: 0;
    padding: 0;
    font: inherit;
    list-style: none;
  }
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
    border-radius: 4px;
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      animation: none !important;
      transition: none !important;
    }
  }
`;
