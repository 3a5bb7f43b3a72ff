/** The page of a public list in a frame: `list.html?user=ada`, with `k`, `of`, `lang` and `theme`. */
import "./top-songs.js";

const query = new URLSearchParams(location.search);
const list = document.querySelector("top-songs");
document.documentElement.lang = query.get("lang") ?? navigator.language;
for (const name of ["user", "k", "of", "theme"]) {
  const value = query.get(name);
  if (value) list.setAttribute(name, value);
}
const config = await fetch("../../config.json", { credentials: "omit" });
list.setAttribute("api", (await config.json()).api);
