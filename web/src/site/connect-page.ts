import type { NameOf } from "../account/names.ts";
import type { GetToken } from "../api/api.ts";
import { type Host, readHost } from "./host.ts";

/** What a page's elements have in common. */
export interface Connected extends HTMLElement {
  api: string;
  getToken: GetToken | undefined;
  nameOf?: NameOf | undefined;
}

/** Gives every element of the page the API and the host's tokens; tells where there is no host. */
export async function connectPage(selector: string): Promise<Host | undefined> {
  try {
    const host = await readHost();
    for (const element of document.querySelectorAll<Connected>(selector)) {
      element.api = host.api;
      element.nameOf = host.nameOf;
      element.getToken = host.getToken;
    }
    document.addEventListener("top-songs-error", (event) => {
      const { kind } = (event as CustomEvent<{ kind: string }>).detail;
      if (kind === "signed-out" && host.signIn) offerSignIn(host.signIn);
    });
    return host;
  } catch {
    say("These pages cannot be reached at the moment. Reload to try again.");
    return undefined;
  }
}

function offerSignIn(address: string): void {
  const link = document.createElement("a");
  link.href = address;
  link.textContent = "Sign in";
  say("You are not signed in. ", link);
}

function say(...parts: (string | Node)[]): void {
  const banner = document.querySelector<HTMLElement>(".banner");
  banner?.replaceChildren(...parts);
  banner?.removeAttribute("hidden");
}
