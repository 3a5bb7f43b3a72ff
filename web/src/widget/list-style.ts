import { css } from "lit";

/**
 * A chart that fits any container: below 15rem titles alone, from 15rem with covers, from 30rem with
 * a column of plays, and from 44rem with the first place beside the others. Titles take
 * the room of providers' names.
 */
export const LIST_STYLE = css`
  .song {
    position: relative;
    display: grid;
    grid-template: "place title menu" auto "place meta menu" auto / 1.5rem minmax(0, 1fr) auto;
    align-content: center;
    column-gap: 0.4rem;
    min-height: 3.75rem;
    padding-block: 0.5rem;
    border-block-start: 1px solid var(--line);
  }
  .place {
    grid-area: place;
    display: grid;
    align-content: center;
    justify-items: center;
    gap: 0.15rem;
  }
  .rank {
    font-size: 1.125em;
    font-weight: 700;
    line-height: 1.1;
    font-variant-numeric: tabular-nums;
    letter-spacing: -0.02em;
  }
  .movement {
    display: inline-flex;
    align-items: center;
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
    margin-inline-end: 0.2em;
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
  .song > .cover,
  .song > .providers {
    display: none;
  }
  .title {
    grid-area: title;
    align-self: end;
    overflow: hidden;
    overflow-wrap: anywhere;
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    line-clamp: 2;
    /* Letters of another font may be higher than the line. */
    padding-block-start: 0.15em;
    font-size: 0.9375em;
    font-weight: 600;
    line-height: 1.3;
  }
  .meta {
    grid-area: meta;
    display: flex;
    min-width: 0;
    color: var(--muted);
    font-size: 0.8125em;
    white-space: nowrap;
  }
  .by {
    flex: 0 1 auto;
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .by + .plays::before,
  .tag + .plays::before,
  .album::before {
    content: " · ";
    white-space: pre;
  }
  .album {
    display: none;
  }
  .plays,
  .providers {
    font-variant-numeric: tabular-nums;
  }
  song-menu {
    grid-area: menu;
    align-self: center;
  }
  .song:not(:has(song-menu)) :is(.title, .meta) {
    grid-column-end: -1;
  }
  a {
    color: inherit;
    text-decoration: none;
  }
  .title a::after {
    content: "";
    position: absolute;
    inset: 0 -0.5rem;
    border-radius: 10px;
  }
  .title a:focus-visible {
    outline: none;
  }
  .title a:focus-visible::after {
    outline: 2px solid var(--accent);
    outline-offset: -1px;
  }
  a:hover {
    text-decoration: underline;
    text-decoration-thickness: 1px;
    text-underline-offset: 0.2em;
  }
  .tag {
    overflow: hidden;
    font-weight: 600;
    text-overflow: ellipsis;
  }
  .hidden .cover,
  .hidden .rank {
    opacity: 0.55;
  }

  .first {
    --cover: var(--top-songs-cover-first, 100%);
    grid-template: "cover menu" auto "place place" auto "title title" auto "meta meta" auto "story story" auto / minmax(0, 1fr) auto;
    row-gap: 0.15rem;
    margin-block-end: 0.5rem;
    padding: 0.75rem;
    border: 0;
    border-radius: calc(var(--radius) * 0.75);
    background: color-mix(in srgb, var(--surface) 86%, var(--tone, hsl(var(--hue) 55% 50%)));
  }
  .first + .song {
    border-block-start: 0;
  }
  .first > .cover {
    display: block;
    grid-column: cover / -1;
    height: auto;
    aspect-ratio: 1;
    margin-block-end: 0.35rem;
  }
  .first .place {
    display: flex;
    align-items: baseline;
    gap: 0.5rem;
  }
  .first .title {
    align-self: start;
    font-size: 1.125em;
    font-weight: 700;
    line-height: 1.25;
    letter-spacing: -0.01em;
    -webkit-line-clamp: 3;
    line-clamp: 3;
  }
  .story {
    grid-area: story;
    font-size: 0.8125em;
    font-weight: 600;
    overflow-wrap: anywhere;
  }
  .first song-menu {
    align-self: start;
  }
  .first .title a::after {
    inset: 0;
  }

  @container (min-width: 15rem) {
    .song {
      grid-template: "place cover title menu" auto "place cover meta menu" auto / 1.75rem var(--cover) minmax(0, 1fr) auto;
      column-gap: 0.6rem;
    }
    .song > .cover {
      display: block;
      align-self: center;
    }
    .first {
      --cover: var(--top-songs-cover-first, 6.5rem);
      grid-template:
        "cover place menu" auto "cover title menu" auto "cover meta menu" auto "cover story menu" auto
        / var(--cover) minmax(0, 1fr) auto;
      column-gap: 0.9rem;
      align-items: center;
    }
    .first > .cover {
      grid-column: cover;
      margin: 0;
    }
  }
  @container (min-width: 30rem) {
    .song {
      grid-template:
        "place cover title plays menu" auto "place cover meta providers menu" auto
        / 2.25rem var(--cover) minmax(0, 1fr) auto auto;
      column-gap: 0.75rem;
      padding-block: 0.55rem;
    }
    .song:not(:has(song-menu)) .title {
      grid-column-end: title;
    }
    .song:not(:has(song-menu)) :is(.plays, .providers) {
      grid-column-end: -1;
    }
    .meta {
      display: contents;
      font-size: 0.875em;
    }
    .by,
    .tag {
      grid-area: meta;
    }
    .album {
      display: inline;
    }
    .plays {
      grid-area: plays;
      align-self: end;
      color: var(--ink);
      font-weight: 600;
      text-align: end;
    }
    .meta .plays::before {
      content: none !important;
    }
    .song > .providers {
      grid-area: providers;
      display: block;
      max-width: 9rem;
      overflow: hidden;
      color: var(--muted);
      font-size: 0.75em;
      line-height: 1.6;
      text-align: end;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    .title {
      font-size: 1em;
    }
    .first {
      --cover: var(--top-songs-cover-first, 9rem);
      grid-template:
        "cover place menu" 1fr "cover title menu" auto "cover meta menu" auto "cover story menu" auto
        "cover providers menu" 1fr / var(--cover) minmax(0, 1fr) auto;
      column-gap: 1.1rem;
      padding: 1rem;
    }
    .first .place {
      align-self: end;
    }
    .first .title {
      font-size: 1.5em;
    }
    .song.first .title {
      grid-column-end: title;
    }
    .story {
      font-size: 1em;
    }
    .first > .providers {
      align-self: start;
      text-align: start;
    }
  }
  @container (min-width: 44rem) {
    .list {
      display: grid;
      grid-template-columns: minmax(15rem, 3fr) 5fr;
      column-gap: 1.5rem;
      align-items: start;
    }
    .song {
      grid-column: 2;
    }
    .first {
      --cover: 100%;
      position: sticky;
      inset-block-start: 1rem;
      grid-row: 1 / span 50;
      grid-column: 1;
      align-content: start;
      grid-template:
        "cover cover" auto "place menu" auto "title title" auto "meta meta" auto "story story" auto
        "providers providers" auto / minmax(0, 1fr) auto;
      margin: 0;
    }
    .first > .cover {
      grid-column: 1 / -1;
      margin-block-end: 0.5rem;
    }
    .song:not(.first) > .providers {
      display: none;
    }
    .first:only-child {
      grid-column: 1 / -1;
      max-width: 24rem;
    }
  }
  @container (min-width: 60rem) {
    .song:not(.first) > .providers {
      display: block;
      max-width: 16rem;
    }
  }
`;
