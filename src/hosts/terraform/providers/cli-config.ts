import { readdir, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join, normalize } from "node:path";
import { DeclareError } from "../../../declare/declare-error.js";
import { readBytes } from "../../../declare/files.js";
import { SourceText } from "../../../declare/source-text.js";
import { parseJson } from "../../../declare/json-text.js";
import type { JsonKept } from "../../../declare/json-text.js";
import type { Literal } from "../../../declare/literal.js";
import { parseHcl1 } from "./hcl1.js";
import type { Hcl1Entry, Hcl1Value } from "./hcl1.js";
import { ProviderError } from "./provider-error.js";
import { parseSource } from "./source-address.js";
import type { CoreName } from "./source-address.js";

/** Files that hold neither word are not parsed: nothing in them is ours. */
const MENTIONS = /dev_overrides|plugin_cache_dir|\\u/;

/** What is kept of a file in JSON. */
const OURS: JsonKept = {
  keeps: (key) => key === "provider_installation" || key === "plugin_cache_dir",
  maxValues: 10_000,
};

/** What Airlock has to know of core's own settings. */
export interface CliConfig {
  /** Full source address -> the folder that stands in for the provider's package, as written. */
  readonly devOverrides: ReadonlyMap<string, string>;
  /** Where packages are shared between projects, with its variables replaced; undefined when they are not. */
  readonly pluginCacheDir: string | undefined;
}

/** An environment, with variables that are not set as undefined. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the settings that core reads (OpenTofu, `internal/command/cliconfig`): the file that `TF_CLI_CONFIG_FILE` or
 * `TERRAFORM_CONFIG` names; else the file in the home directory and every `*.tfrc` and `*.tfrc.json` of the settings
 * folder. Files that are not there count as empty. Throws `ProviderError` PROVIDER_CLI_CONFIG with the place, and
 * PROVIDER_SOURCE for an override of what is no provider address.
 */
export async function readCliConfig(env: Environment, core: CoreName): Promise<CliConfig> {
  const devOverrides = new Map<string, string>();
  let cacheDir: string | undefined;
  for (const path of await settingsFiles(env, core)) {
    const entries = await readSettings(path);
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

async function settingsFiles(env: Environment, core: CoreName): Promise<readonly string[]> {
  // Core takes an empty variable as one that is not set.
  const named = env["TF_CLI_CONFIG_FILE"] || env["TERRAFORM_CONFIG"];
  if (named) return (await exists(named)) ? [named] : [];
  const home = env["HOME"] || homedir();
  const main = await mainFile(home, env, core);
  return [...((await exists(main)) ? [main] : []), ...(await folderFiles(await settingsFolder(home, env, core)))];
}

/** `config_unix.go` of both: only OpenTofu knows `.tofurc` and `XDG_CONFIG_HOME`. */
async function mainFile(home: string, env: Environment, core: CoreName): Promise<string> {
  const legacy = join(home, ".terraformrc");
  if (core === "terraform") return legacy;
  const own = join(home, ".tofurc");
  if (await exists(own)) return own;
  if (await exists(legacy)) return legacy;
  const xdg = env["XDG_CONFIG_HOME"];
  return xdg ? join(xdg, "opentofu", "tofurc") : own;
}

async function settingsFolder(home: string, env: Environment, core: CoreName): Promise<string> {
  const folder = join(home, ".terraform.d");
  const xdg = env["XDG_CONFIG_HOME"];
  return core === "tofu" && xdg && !(await exists(folder)) ? join(xdg, "opentofu") : folder;
}

async function folderFiles(folder: string): Promise<readonly string[]> {
  try {
    const names = await readdir(folder);
    return names
      .filter((name) => /\.tfrc(\.json)?$/.test(name))
      .map((name) => join(folder, name))
      .sort();
  } catch {
    return [];
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}

async function readSettings(path: string): Promise<readonly Hcl1Entry[]> {
  try {
    const source = new SourceText(path, new TextDecoder().decode(await readBytes(path)));
    if (!MENTIONS.test(source.text)) return [];
    // Core looks at the first character, not at the name (hcl `lexMode`).
    if (!source.text.trimStart().startsWith("{")) return parseHcl1(source);
    const value = fromJson(parseJson(source, OURS));
    return "entries" in value ? value.entries : [];
  } catch (error) {
    if (!(error instanceof DeclareError)) throw error;
    throw new ProviderError("PROVIDER_CLI_CONFIG", `the settings of core cannot be read: ${error.message}`, {
      cause: error,
      ...(error.location !== undefined && { location: error.location }),
    });
  }
}

/** A list of objects stands for blocks one after the other. */
function fromJson(literal: Literal): Hcl1Value {
  if (literal.kind === "scalar" && typeof literal.value === "string") return { text: literal.value };
  if (literal.kind === "object") {
    return { entries: literal.entries.map(({ key, offset, value }) => ({ key, offset, value: fromJson(value) })) };
  }
  if (literal.kind !== "list") return { other: true };
  const bodies = literal.items.map((item) => fromJson(item));
  return { entries: bodies.flatMap((body) => ("entries" in body ? body.entries : [])) };
}

function overrides(entries: readonly Hcl1Entry[]): (readonly [string, string])[] {
  const installation = bodies(entries, "provider_installation");
  return texts(bodies(installation, "dev_overrides"));
}

function bodies(entries: readonly Hcl1Entry[], key: string): readonly Hcl1Entry[] {
  return entries.flatMap((entry) => (entry.key === key && "entries" in entry.value ? entry.value.entries : []));
}

function texts(entries: readonly Hcl1Entry[], key?: string): (readonly [string, string])[] {
  return entries.flatMap((entry) =>
    "text" in entry.value && (key === undefined || entry.key === key) ? [[entry.key, entry.value.text] as const] : [],
  );
}

/** `$NAME` and `${NAME}`, as Go's `os.ExpandEnv`; a variable that is not set is empty. */
function expand(text: string, env: Environment): string {
  return text.replace(/\$(?:\{([^{}]*)\}|([A-Za-z0-9_]+))/g, (_, braced?: string, bare?: string) => {
    return env[braced ?? bare ?? ""] ?? "";
  });
}
