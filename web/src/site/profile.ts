import "../widget.ts";

import { connectPage } from "./connect-page.ts";

/** One's own list, or with `?user=` another's. */
const user = new URLSearchParams(location.search).get("user");
const widget = document.querySelector("top-songs");
if (user && widget) {
  widget.setAttribute("user", user);
  document.querySelectorAll(".own").forEach((own) => {
    own.remove();
  });
}

void connectPage("top-songs");
