import { normalize } from "node:path";
import { bodies, readCliFiles, texts } from "./cli-files.js";
import type { Environment } from "./cli-files.js";
import type { Hcl1Entry } from "./hcl1.js";
import { parseSource } from "./source-address.js";
import type { CoreName } from "./source-address.js";

/** What is asked for here; the last is an escape, behind which any letter may be. */
const MENTIONS = /dev_overrides|plugin_cache_dir|\\u/;

/** What Airlock has to know of core's own settings. */
export interface CliConfig {
  /** Full source address -> the folder that stands in for the provider's package, as written. */
  readonly devOverrides: ReadonlyMap<string, string>;
  /** Where packages are shared between projects, with its variables replaced; undefined when they are not. */
  readonly pluginCacheDir: string | undefined;
}

/**
 * What core's settings say of providers. Throws `ProviderError` PROVIDER_CLI_CONFIG with the place, and PROVIDER_SOURCE for an
 * override of what is no provider address.
 */
export async function readCliConfig(env: Environment, core: CoreName): Promise<CliConfig> {
  const devOverrides = new Map<string, string>();
  let cacheDir: string | undefined;
  for (const entries of await readCliFiles(env, core, MENTIONS)) {
    // A later `provider_installation` would make core refuse to start; which one wins then is of no matter.
    for (const [address, folder] of overrides(entries)) {
      devOverrides.set(parseSource(address, core).text, normalize(folder));
    }
    for (const [, folder] of texts(entries, "plugin_cache_dir")) cacheDir = folder;
  }
  const fromEnvironment = env["TF_PLUGIN_CACHE_DIR"] ?? "";
  const fromFile = cacheDir === undefined ? "" : expand(cacheDir, env);
  return { devOverrides, pluginCacheDir: fromEnvironment || fromFile || undefined };
}

function overrides(entries: readonly Hcl1Entry[]): (readonly [string, string])[] {
  const installation = bodies(entries, "provider_installation");
  return texts(bodies(installation, "dev_overrides"));
}

/** `$NAME` and `${NAME}`, as Go's `os.ExpandEnv`; a variable that is not set is empty. */
function expand(text: string, env: Environment): string {
  return text.replace(/\$(?:\{([^{}]*)\}|([A-Za-z0-9_]+))/g, (_, braced?: string, bare?: string) => {
    return env[braced ?? bare ?? ""] ?? "";
  });
}
