import "./widget.ts";

import { ConnectedAccounts } from "./account/connected-accounts.ts";
import { FollowedLists } from "./account/followed-lists.ts";
import { PrivacySettings } from "./account/privacy-settings.ts";

const ELEMENTS = {
  "connected-accounts": ConnectedAccounts,
  "followed-lists": FollowedLists,
  "privacy-settings": PrivacySettings,
};

for (const [name, element] of Object.entries(ELEMENTS)) {
  if (!customElements.get(name)) customElements.define(name, element);
}

export { ConnectedAccounts, FollowedLists, PrivacySettings };
