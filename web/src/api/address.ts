const LOCAL = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** `value` as an https address, else undefined. */
export function secureLink(value: unknown): string | undefined {
  return parsed(value)?.protocol === "https:" ? (value as string) : undefined;
}

/**
 * `value` as an address to load or open: https, or http on localhost for a page of localhost. On other
 * pages a list could make viewers send requests to their own machines.
 */
export function secureAddress(value: unknown): string | undefined {
  const address = parsed(value);
  if (!address) return undefined;
  const local =
    address.protocol === "http:" && LOCAL.has(address.hostname) && LOCAL.has(location.hostname);
  return address.protocol === "https:" || local ? address.href : undefined;
}

function parsed(value: unknown): URL | undefined {
  if (typeof value !== "string") return undefined;
  try {
    return new URL(value);
  } catch {
    return undefined;
  }
}
