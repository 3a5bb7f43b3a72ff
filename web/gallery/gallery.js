/** Shows the list in every state, without an API: each element asks an address that answers its own. */
import { STATES } from "./states.js";

const HOST = "https://gallery.invalid/";
const THEME = {
  surface: "#2b1236",
  raised: "#42204f",
  line: "#512a60",
  ink: "#fdf1ff",
  muted: "#d7b3e2",
  accent: "#ffb3d1",
  up: "#7ff0c4",
  down: "#ffb08f",
  radius: "28px",
};
const fetched = window.fetch;

window.fetch = async (address, ...others) => {
  const asked = String(address);
  if (!asked.startsWith(HOST)) return fetched(address, ...others);
  const { body, status = 200, connections } = STATES[decodeURIComponent(asked.split("/")[3])];
  const headers = { "content-type": "application/json" };
  if (asked.endsWith("/v1/connections")) return Response.json({ connections });
  if (!body && status === 200) return new Promise(() => undefined);
  return new Response(JSON.stringify(body ?? {}), { status, headers });
};

function shown([name, { own, look, language, theme, named }]) {
  const article = document.createElement("article");
  const heading = document.createElement("h2");
  const element = document.createElement("top-songs");
  article.className = look ?? "";
  heading.textContent = name;
  element.setAttribute("heading-level", "3");
  element.setAttribute("k", "5");
  element.setAttribute("with-switch", "");
  element.setAttribute("share-href", "/ada");
  for (const way of ["accounts", "imports", "players"]) element.setAttribute(`${way}-href`, "/");
  if (language) element.lang = language;
  else if (!named) element.setAttribute("heading", `Ada’s week: ${name}`);
  if (language === "ar") element.dir = "rtl";
  if (theme) element.setAttribute("theme", "dark");
  for (const [property, value] of Object.entries(theme ? THEME : {})) {
    element.style.setProperty(`--top-songs-${property}`, value);
  }
  if (own) element.getToken = () => "not-a-real-token";
  else element.user = "ada";
  element.setAttribute("api", HOST + encodeURIComponent(name));
  article.append(heading, element);
  return article;
}

await import("./embed/top-songs.js");
document.querySelector("#states").append(...Object.entries(STATES).map(shown));
document.documentElement.dataset.states = String(Object.keys(STATES).length);
