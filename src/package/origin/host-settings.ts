/** What the user's settings say of a host. Hosts are `NAME[:PORT]`, in lower case. */
export interface HostSettings {
  /** The bearer token for a host; undefined = none. It goes to this host and no other, and into no message. */
  token(host: string): string | undefined;
  /** URLs of services by id (`host "NAME" { services = { … } }`), in the place of discovery; undefined = not set. */
  services(host: string): ReadonlyMap<string, string> | undefined;
}

/** Nothing is set for any host. */
export const NO_HOST_SETTINGS: HostSettings = { token: () => undefined, services: () => undefined };
