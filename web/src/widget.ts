import "./widget/began.ts";

import { TopSongs } from "./widget/top-songs.ts";

if (!customElements.get("top-songs")) customElements.define("top-songs", TopSongs);

export { TopSongs };
