import "../account.ts";

import { connectPage } from "./connect-page.ts";

void connectPage("my-scrobblers, my-imports");
