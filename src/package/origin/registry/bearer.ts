import type { HostSettings } from "../host-settings.js";

/** The Authorization for a host (`NAME[:PORT]`), bound to it; undefined when the user's settings have none. */
export function bearer(
  host: string,
  settings: HostSettings,
): { readonly host: string; readonly value: string } | undefined {
  const token = settings.token(host);
  return token === undefined ? undefined : { host, value: `Bearer ${token}` };
}
