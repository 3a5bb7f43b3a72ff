import { css, html, nothing, type TemplateResult } from "lit";

interface Provider {
  readonly name: string;
  /** Where its attribution links to. */
  readonly home: string;
}

/** Names alone: providers' marks are theirs. */
const PROVIDERS: Readonly<Record<string, Provider>> = {
  spotify: { name: "Spotify", home: "https://open.spotify.com" },
  apple_music: { name: "Apple Music", home: "https://music.apple.com" },
  youtube: { name: "YouTube", home: "https://www.youtube.com" },
  lastfm: { name: "Last.fm", home: "https://www.last.fm" },
  listenbrainz: { name: "ListenBrainz", home: "https://listenbrainz.org" },
};

export function providerName(id: string): string {
  return PROVIDERS[id]?.name ?? id.charAt(0).toUpperCase() + id.slice(1).replaceAll("_", " ");
}

/** Links to the providers whose data is shown, as their terms ask; nothing for those without. */
export function attribution(ids: Iterable<string>, label: string): TemplateResult | typeof nothing {
  const known = [...new Set(ids)].sort().flatMap((id) => PROVIDERS[id] ?? []);
  if (!known.length) return nothing;
  return html`<p class="attribution" part="attribution"
    >${label}
    ${known.map(
      ({ name, home }, index) => html`${index ? ", " : ""}<a
          href=${home}
          target="_blank"
          rel="noopener noreferrer"
          >${name}</a
        >`,
    )}</p
  >`;
}

export const PROVIDER_STYLE = css`
  .attribution {
    padding-block: 0.5rem;
    color: var(--muted);
    font-size: 0.75em;
  }
  .attribution a {
    color: inherit;
    text-decoration: underline;
  }
  .attribution a:focus-visible {
    outline: 2px solid var(--accent);
  }
`;
