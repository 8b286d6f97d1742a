import { flagKind, isViewFlag } from "./known-flags.js";

/** One flag or one positional argument of a subcommand, in the user's spelling. */
export interface Token {
  /** `view`: core takes it out first, wherever it stands. `end`: the `--` that ends the flags. */
  readonly kind: "flag" | "view" | "end" | "positional";
  /** The arguments as they were written: two for `-flag value`, else one. */
  readonly written: readonly string[];
  /** Name of a flag, without dashes; else empty. */
  readonly name: string;
  /** Value of a flag, or the positional argument itself; undefined for a switch without `=`, and for a flag that lacks its value. */
  readonly value: string | undefined;
  /** No subcommand has this flag, or it is not written as one: core will refuse the line. */
  readonly unknown: boolean;
}

/**
 * Reads what stands behind a subcommand as Go's package `flag` does (https://pkg.go.dev/flag#hdr-Command_line_flag_syntax),
 * after core took out the flags of its view. An unknown flag, at which core stops with an error, is read as a switch.
 */
export function readTokens(command: string, args: readonly string[]): Token[] {
  const found: { readonly at: number; readonly token: Token }[] = [];
  const rest: { readonly at: number; readonly text: string }[] = [];
  for (const [at, text] of args.entries()) {
    if (isViewFlag(text)) found.push({ at, token: viewToken(text) });
    else rest.push({ at, text });
  }
  let index = 0;
  for (let flags = true; index < rest.length; index++) {
    const { at = 0, text = "" } = rest[index] ?? {};
    if (!flags || text.length < 2 || !text.startsWith("-")) {
      flags = false;
      found.push({ at, token: positional(text) });
    } else if (text === "--") {
      flags = false;
      found.push({ at, token: { kind: "end", written: [text], name: "", value: undefined, unknown: false } });
    } else {
      const next = rest[index + 1]?.text;
      const token = flagToken(command, text, next);
      if (token.written.length > 1) index++;
      found.push({ at, token });
    }
  }
  return found.sort((one, other) => one.at - other.at).map(({ token }) => token);
}

function positional(text: string): Token {
  return { kind: "positional", written: [text], name: "", value: text, unknown: false };
}

function viewToken(text: string): Token {
  const [name, value] = splitFlag(text);
  return { kind: "view", written: [text], name, value, unknown: false };
}

/** Reads one flag; `next` is the argument behind it, taken as its value when it needs one. */
export function flagToken(command: string, text: string, next?: string): Token {
  const [name, value] = splitFlag(text);
  const kind = /^[-=]|^$/.test(name) ? "unknown" : flagKind(command, name);
  const unknown = kind === "unknown";
  if (kind === "value" && value === undefined && next !== undefined) {
    return { kind: "flag", written: [text, next], name, value: next, unknown };
  }
  return { kind: "flag", written: [text], name, value, unknown };
}

/** `--name=value` as name and value; no value when there is no `=`. */
function splitFlag(text: string): [string, string | undefined] {
  const bare = text.replace(/^--?/, "");
  // Go looks for `=` from the second character on: a name is never empty.
  const equals = bare.indexOf("=", 1);
  return equals < 0 ? [bare, undefined] : [bare.slice(0, equals), bare.slice(equals + 1)];
}

/** Whether a switch is on, as Go's `strconv.ParseBool` reads its value; undefined for what that refuses. */
export function switchValue(value: string | undefined): boolean | undefined {
  if (value === undefined || ["1", "t", "T", "TRUE", "true", "True"].includes(value)) return true;
  return ["0", "f", "F", "FALSE", "false", "False"].includes(value) ? false : undefined;
}
