import "./widget/began.ts";

import { ShareButton } from "./widget/share-button.ts";
import { TopSongs } from "./widget/top-songs.ts";

if (!customElements.get("top-songs-share")) customElements.define("top-songs-share", ShareButton);
if (!customElements.get("top-songs")) customElements.define("top-songs", TopSongs);

declare global {
  interface HTMLElementTagNameMap {
    "top-songs": TopSongs;
  }
}

export type { GetToken } from "./api/api.ts";
export type * from "./events.ts";
export { TopSongs };
