import { createComponent, type EventName } from "@lit/react";
import * as React from "react";

import {
  ConnectedAccounts as ConnectedAccountsElement,
  FollowedLists as FollowedListsElement,
  ListCorrections as ListCorrectionsElement,
  MyFollowers as MyFollowersElement,
  MyImports as MyImportsElement,
  MyScrobblers as MyScrobblersElement,
  PrivacySettings as PrivacySettingsElement,
} from "./account.ts";
import type { FailureEvent, LoadEvent, SelectEvent, StateEvent } from "./events.ts";
import { TopSongs as TopSongsElement } from "./widget.ts";

const failed = { onFailure: "top-songs-error" as EventName<FailureEvent> };

export const TopSongs = createComponent({
  react: React,
  tagName: "top-songs",
  elementClass: TopSongsElement,
  events: {
    ...failed,
    onList: "top-songs-load" as EventName<LoadEvent>,
    onSelectSong: "top-songs-select" as EventName<SelectEvent>,
    onState: "top-songs-state" as EventName<StateEvent>,
  },
});
export const ConnectedAccounts = createComponent({
  react: React,
  tagName: "connected-accounts",
  elementClass: ConnectedAccountsElement,
  events: failed,
});
export const FollowedLists = createComponent({
  react: React,
  tagName: "followed-lists",
  elementClass: FollowedListsElement,
  events: failed,
});
export const ListCorrections = createComponent({
  react: React,
  tagName: "list-corrections",
  elementClass: ListCorrectionsElement,
  events: failed,
});
export const MyFollowers = createComponent({
  react: React,
  tagName: "my-followers",
  elementClass: MyFollowersElement,
  events: failed,
});
export const MyImports = createComponent({
  react: React,
  tagName: "my-imports",
  elementClass: MyImportsElement,
  events: failed,
});
export const MyScrobblers = createComponent({
  react: React,
  tagName: "my-scrobblers",
  elementClass: MyScrobblersElement,
  events: failed,
});
export const PrivacySettings = createComponent({
  react: React,
  tagName: "privacy-settings",
  elementClass: PrivacySettingsElement,
  events: failed,
});
