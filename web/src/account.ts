import { ConnectedAccounts } from "./account/connected-accounts.ts";
import { FollowedLists } from "./account/followed-lists.ts";
import { ListCorrections } from "./account/list-corrections.ts";
import { MyFollowers } from "./account/my-followers.ts";
import { MyImports } from "./account/my-imports.ts";
import { MyScrobblers } from "./account/my-scrobblers.ts";
import { PrivacySettings } from "./account/privacy-settings.ts";
import { SongMenu } from "./account/song-menu.ts";

const ELEMENTS = {
  "connected-accounts": ConnectedAccounts,
  "followed-lists": FollowedLists,
  "list-corrections": ListCorrections,
  "my-followers": MyFollowers,
  "my-imports": MyImports,
  "my-scrobblers": MyScrobblers,
  "privacy-settings": PrivacySettings,
  "song-menu": SongMenu,
};

for (const [name, element] of Object.entries(ELEMENTS)) {
  if (!customElements.get(name)) customElements.define(name, element);
}

declare global {
  interface HTMLElementTagNameMap {
    "connected-accounts": ConnectedAccounts;
    "followed-lists": FollowedLists;
    "list-corrections": ListCorrections;
    "my-followers": MyFollowers;
    "my-imports": MyImports;
    "my-scrobblers": MyScrobblers;
    "privacy-settings": PrivacySettings;
  }
}

export type { NameOf } from "./account/names.ts";
export * from "./widget.ts";
export {
  ConnectedAccounts,
  FollowedLists,
  ListCorrections,
  MyFollowers,
  MyImports,
  MyScrobblers,
  PrivacySettings,
};
