import "../account.ts";

import type { ConnectedAccounts } from "../account.ts";
import { connectPage } from "./connect-page.ts";

void connectPage("connected-accounts").then((host) => {
  const accounts = document.querySelector<ConnectedAccounts>("connected-accounts");
  if (accounts && host) accounts.providers = host.providers;
});
