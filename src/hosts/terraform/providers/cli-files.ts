import { readdir, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { DeclareError } from "../../../declare/declare-error.js";
import { readBytes } from "../../../declare/files.js";
import { SourceText } from "../../../declare/source-text.js";
import { parseJson } from "../../../declare/json-text.js";
import type { JsonKept } from "../../../declare/json-text.js";
import type { Literal } from "../../../declare/literal.js";
import type { AirlockError, SourceLocation } from "../../../protocol/airlock-error.js";
import { parseHcl1 } from "./hcl1.js";
import type { Hcl1Entry, Hcl1Value } from "./hcl1.js";
import { ProviderError } from "./provider-error.js";
import type { CoreName } from "./source-address.js";

/** An environment, with variables that are not set as undefined. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Lines of such a file are not shown: a token may stand in them. */
const SECRET = /credentials|token|\\u/;

/** What is kept of a file in JSON. */
const KEYS: ReadonlySet<string> = new Set(["provider_installation", "plugin_cache_dir", "credentials", "host"]);
const OURS: JsonKept = { keeps: (key) => KEYS.has(key), maxValues: 10_000 };

/**
 * The entries of core's settings, file by file (OpenTofu, `internal/command/cliconfig`): the file that `TF_CLI_CONFIG_FILE` or
 * `TERRAFORM_CONFIG` names; else the file in the home directory and every `*.tfrc` and `*.tfrc.json` of the settings
 * folder. Files that are not there count as empty, and so do those in which `mentions`
 * finds nothing: what is wrong there is core's to say. Rejects with `ProviderError` PROVIDER_CLI_CONFIG with the place.
 */
export async function readCliFiles(
  env: Environment,
  core: CoreName,
  mentions: RegExp,
): Promise<readonly (readonly Hcl1Entry[])[]> {
  return Promise.all((await settingsFiles(env, core)).map((path) => readSettings(path, mentions)));
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

async function readSettings(path: string, mentions: RegExp): Promise<readonly Hcl1Entry[]> {
  let text = "";
  try {
    const source = new SourceText(path, new TextDecoder().decode(await readBytes(path)));
    text = source.text;
    if (!mentions.test(text)) return [];
    // Core looks at the first character, not at the name (hcl `lexMode`).
    if (!text.trimStart().startsWith("{")) return parseHcl1(source);
    const value = fromJson(parseJson(source, OURS));
    return "entries" in value ? value.entries : [];
  } catch (error) {
    if (error instanceof ProviderError) throw unreadable(error, error.message, text);
    if (!(error instanceof DeclareError)) throw error;
    throw unreadable(error, `the settings of core cannot be read: ${error.message}`, text);
  }
}

/** The place of the fault; its line only where no token can stand in it. */
function unreadable({ location }: AirlockError, message: string, text: string): ProviderError {
  return new ProviderError("PROVIDER_CLI_CONFIG", message, {
    ...(location !== undefined && { location: SECRET.test(text) ? withoutLine(location) : location }),
  });
}

function withoutLine({ file, line, column }: SourceLocation): SourceLocation {
  return { file, line, column };
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

/** What is inside of all blocks of a name. */
export function bodies(entries: readonly Hcl1Entry[], key: string): readonly Hcl1Entry[] {
  return entries.flatMap((entry) => (entry.key === key && "entries" in entry.value ? entry.value.entries : []));
}

/** Arguments with texts, of one name or all. */
export function texts(entries: readonly Hcl1Entry[], key?: string): (readonly [string, string])[] {
  return entries.flatMap((entry) =>
    "text" in entry.value && (key === undefined || entry.key === key) ? [[entry.key, entry.value.text] as const] : [],
  );
}
