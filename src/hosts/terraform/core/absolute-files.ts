import { isAbsolute, resolve } from "node:path";
import type { Token } from "./flag-tokens.js";
import { flagKind } from "./known-flags.js";

/** Flags whose value names a file or a folder. */
const FILE_FLAGS: ReadonlySet<string> = new Set([
  ...["backup", "backup-out", "config", "exclude-file", "fs-mirror", "generate-config-out", "json-into", "junit-xml"],
  ...["out", "plan", "plugin-dir", "state", "state-out", "target-file", "var-file"],
]);

/** Subcommands whose positional arguments are files or folders. */
const FILE_COMMANDS: ReadonlySet<string> = new Set(["apply", "fmt", "providers mirror", "show", "state push"]);

/** The token with the name of a file made absolute; as it is when it names none. */
export function absoluteToken(command: string, token: Token, root: string): Token {
  const { kind, value } = token;
  // `-` is no file: for -backup it means none, for others stdin.
  if (value === undefined || value === "" || value === "-" || isAbsolute(value)) return token;
  if (kind === "positional" && FILE_COMMANDS.has(command)) return replaceValue(token, resolve(root, value));
  return kind === "flag" && namesFile(command, token) ? replaceValue(token, resolve(root, value)) : token;
}

function namesFile(command: string, { name, value }: Token): boolean {
  // Core takes a backend setting without `=` for the name of a file.
  if (name === "backend-config") return value?.includes("=") === false;
  return FILE_FLAGS.has(name) && flagKind(command, name) === "value";
}

/** The token with another value, in the same spelling. */
function replaceValue(token: Token, value: string): Token {
  const { kind, written, value: old = "" } = token;
  const [first = "", second] = written;
  if (kind === "positional") return { ...token, written: [value], value };
  if (second !== undefined) return { ...token, written: [first, value], value };
  return { ...token, written: [first.slice(0, first.length - old.length) + value], value };
}
