import "../widget.ts";

import { connectPage } from "./connect-page.ts";

/** The signed-in user's list, or with `?user=` someone else's. */
const user = new URLSearchParams(location.search).get("user");
const widget = document.querySelector("top-songs");
if (user && widget) {
  widget.setAttribute("user", user);
  widget.setAttribute("share-href", location.href);
  document.querySelectorAll(".own").forEach((own) => {
    own.remove();
  });
} else {
  // After the list, which most visitors come for.
  void import("../account.ts");
}

/** The days of the list. */
document.querySelectorAll<HTMLSelectElement>(".choices select").forEach((select) => {
  select.addEventListener("change", () => widget?.setAttribute(select.name, select.value));
});

void connectPage("top-songs, list-corrections");
