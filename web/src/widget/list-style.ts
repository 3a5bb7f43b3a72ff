import { css } from "lit";

/** A chart: rank, cover, title and artists, providers, plays. Rows hold their height while loading. */
export const LIST_STYLE = css`
  .song {
    position: relative;
    display: grid;
    grid-template-columns: 2.5rem var(--cover) minmax(0, 1fr) auto;
    grid-template-areas: "place cover about plays";
    align-items: center;
    column-gap: 0.75rem;
    min-height: calc(var(--cover) + 1rem);
    padding-block: 0.5rem;
    border-block-start: 1px solid var(--line);
  }
  .song:first-child {
    --cover: var(--top-songs-cover-first, 64px);
    border-block-start: 0;
    column-gap: 0.75rem;
  }
  .place {
    grid-area: place;
    display: grid;
    justify-items: center;
    gap: 0.15rem;
  }
  .rank {
    font-size: 1.25em;
    font-weight: 700;
    line-height: 1.1;
    font-variant-numeric: tabular-nums;
    letter-spacing: -0.02em;
  }
  .song:first-child .rank {
    font-size: 1.75em;
  }
  .movement {
    display: inline-flex;
    align-items: center;
    gap: 0.2em;
    color: var(--muted);
    font-size: 0.6875em;
    font-weight: 600;
    line-height: 1;
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .movement svg {
    width: 0.75em;
    height: 0.75em;
    fill: currentColor;
  }
  .movement.up {
    color: var(--up);
  }
  .movement.down {
    color: var(--down);
  }
  .movement.new {
    color: var(--accent);
  }
  .about {
    grid-area: about;
    min-width: 0;
  }
  .title {
    overflow: hidden;
    overflow-wrap: anywhere;
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    line-clamp: 2;
    font-weight: 600;
    line-height: 1.3;
  }
  .song:first-child .title {
    font-size: 1.125em;
    font-weight: 700;
  }
  .by {
    overflow: hidden;
    color: var(--muted);
    font-size: 0.875em;
    white-space: nowrap;
    text-overflow: ellipsis;
  }
  .album::before {
    content: " · ";
  }
  a {
    color: inherit;
    text-decoration: none;
  }
  a::after {
    content: "";
    position: absolute;
    inset: 0 -0.5rem;
    border-radius: 10px;
  }
  a:focus-visible {
    outline: none;
  }
  a:focus-visible::after {
    outline: 2px solid var(--accent);
    outline-offset: -1px;
  }
  a:hover {
    text-decoration: underline;
    text-decoration-thickness: 1px;
    text-underline-offset: 0.2em;
  }
  .end {
    grid-area: plays;
    display: grid;
    justify-items: end;
    gap: 0.3rem;
  }
  .plays {
    font-weight: 600;
    font-size: 0.875em;
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .tag {
    display: inline-block;
    margin-block-start: 0.2rem;
    padding: 0.1em 0.6em;
    border-radius: 999px;
    background: var(--raised);
    color: var(--muted);
    font-size: 0.75em;
    font-weight: 600;
  }
  .tag.top {
    color: var(--accent);
  }
  .hidden .cover,
  .hidden .rank {
    opacity: 0.55;
  }
  @container (max-width: 25rem) {
    .song {
      grid-template-columns: 1.75rem var(--cover) minmax(0, 1fr) auto;
      column-gap: 0.6rem;
    }
    .song:first-child {
      --cover: var(--top-songs-cover-first, 56px);
    }
    .title,
    .song:first-child .title {
      font-size: 0.9375em;
    }
    .by,
    .plays {
      font-size: 0.8125em;
    }
    .album {
      display: none;
    }
  }
`;
