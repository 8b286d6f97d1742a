import type { HostSettings } from "../../../package/origin/host-settings.js";
import { bodies, readCliFiles, texts } from "./cli-files.js";
import type { Environment } from "./cli-files.js";
import type { Hcl1Entry } from "./hcl1.js";
import type { CoreName } from "./source-address.js";

/** What is asked for here; the last is an escape, behind which any letter may be. */
const MENTIONS = /credentials|host|\\u/;
const TOKEN_VARIABLE = /^TF_TOKEN_(.+)$/;

/**
 * What core's settings say of hosts: `credentials "HOST" { token = … }`, `host "HOST" { services = { … } }`, and
 * `TF_TOKEN_HOST`, which counts first. In the names of these variables `_` stands for a dot and `__` for a hyphen, and a name in
 * Unicode is meant in its ASCII form (Terraform, `internal/command/cliconfig/credentials.go`). Rejects with `ProviderError`
 * PROVIDER_CLI_CONFIG; no error of it holds a token.
 */
export async function readHostSettings(env: Environment, core: CoreName): Promise<HostSettings> {
  const tokens = new Map<string, string>();
  const services = new Map<string, ReadonlyMap<string, string>>();
  for (const entries of await readCliFiles(env, core, MENTIONS)) {
    for (const [host, body] of blocksOf(entries, "credentials")) {
      for (const [, token] of texts(body, "token")) tokens.set(host, token);
    }
    for (const [host, body] of blocksOf(entries, "host")) services.set(host, new Map(texts(bodies(body, "services"))));
  }
  for (const [name, token] of Object.entries(env)) {
    const encoded = TOKEN_VARIABLE.exec(name)?.[1];
    const host = encoded === undefined ? undefined : hostName(encoded.replaceAll("__", "-").replaceAll("_", "."));
    if (host !== undefined && token) tokens.set(host, token);
  }
  return {
    token: (host) => usable(tokens.get(host)),
    services: (host) => services.get(host),
  };
}

function blocksOf(entries: readonly Hcl1Entry[], key: string): (readonly [string, readonly Hcl1Entry[]])[] {
  return bodies(entries, key).flatMap(({ key: label, value }) => {
    const host = hostName(label);
    return host !== undefined && "entries" in value ? [[host, value.entries] as const] : [];
  });
}

/** As URLs spell it: small letters, ASCII, no default port. */
function hostName(text: string): string | undefined {
  return URL.canParse(`https://${text}/`) ? new URL(`https://${text}/`).host : undefined;
}

/** A token goes into a header: what cannot stand there is none. */
function usable(token: string | undefined): string | undefined {
  return token !== undefined && /^[\x21-\x7e]+$/.test(token) ? token : undefined;
}
