import type { GetToken } from "@topk/elements";

/** What the host's server says of itself and of who is signed in. */
export interface Host {
  readonly api: string;
  readonly people: Readonly<Record<string, string>>;
  readonly user: string;
}

export async function readHost(): Promise<Host> {
  return (await (await fetch("/config.json")).json()) as Host;
}

/** The same function at each render: a new one would load the list again. */
export const getToken: GetToken = async ({ fresh }) => {
  const answer = await fetch(`/session/token${fresh ? "?fresh=1" : ""}`);
  return answer.ok ? ((await answer.json()) as { token: string }).token : "";
};

export async function follow(user: string): Promise<void> {
  await fetch(`/people/${encodeURIComponent(user)}/follow`, { method: "POST" });
}
