import { absoluteToken } from "./absolute-files.js";
import { CoreError } from "./core-error.js";
import { argumentsVariable } from "./environment.js";
import type { Environment } from "./environment.js";
import { flagToken, readTokens, switchValue } from "./flag-tokens.js";
import type { Token } from "./flag-tokens.js";
import { NESTED_COMMANDS } from "./known-flags.js";
import { splitShellWords } from "./shell-words.js";

const CHDIR = "-chdir=";
const HELP: readonly string[] = ["-h", "-help", "--help"];
const VERSION: readonly string[] = ["-v", "-version", "--version"];

interface Parts {
  readonly chdir: string | undefined;
  readonly global: readonly string[];
  readonly command: string;
  readonly tokens: readonly Token[];
}

/**
 * A command line of core. What is asked of it is what core itself would read from it, `TF_CLI_ARGS` and
 * `TF_CLI_ARGS_<subcommand>` included. Immutable: what changes it gives a new one. Flags stay in the user's spelling.
 */
export class CoreArguments {
  /** Value of the global `-chdir`. */
  readonly chdir: string | undefined;
  /** The subcommand with its own subcommand, e.g. `plan` or `state list`; empty when there is none. */
  readonly command: string;
  /** What is neither flag nor value of one, e.g. a plan file. */
  readonly positional: readonly string[];
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
    this.chdir = parts.chdir;
    this.command = parts.command;
    this.positional = parts.tokens.filter(({ kind }) => kind === "positional").map(({ value }) => value ?? "");
  }

  /**
   * Reads a command line: all that follows the name of the binary. What core would refuse is kept as it is, so that
   * core says what is wrong with it. Throws `CoreError` CORE_ARGUMENTS when a variable of the environment cannot be
   * split into words.
   */
  static parse(argv: readonly string[], env: Environment): CoreArguments {
    const { chdir, rest } = takeChdir(argv);
    const { command, last } = findCommand(rest);
    const extra = command === "" ? [] : variableWords(env, argumentsVariable(command));
    const words = [...extra, ...variableWords(env, "TF_CLI_ARGS")];
    // Core puts them behind the first argument that reads like the last word of the subcommand.
    const at = command === "" ? 0 : rest.indexOf(command.slice(command.indexOf(" ") + 1)) + 1;
    const merged = rest.toSpliced(at, 0, ...words);
    const end = command === "" ? merged.length : last + 1 + (at <= last ? words.length : 0);
    const global = merged.slice(0, command === "" ? end : end - command.split(" ").length);
    return new CoreArguments({ chdir, global, command, tokens: readTokens(command, merged.slice(end)) });
  }

  /** Whether core will only show help. */
  get isHelp(): boolean {
    const all = this.#all();
    const end = all.indexOf("--");
    return (end < 0 ? all : all.slice(0, end)).some((argument) => HELP.includes(argument));
  }

  /** Whether core will only show its version, which any `-version` on the line asks for. */
  get isVersion(): boolean {
    return this.command === "version" || this.#all().some((argument) => VERSION.includes(argument));
  }

  /** Names of flags that no subcommand of core has; core will refuse the line. */
  get unknown(): readonly string[] {
    return this.#parts.tokens.filter(({ unknown }) => unknown).map(({ name }) => name);
  }

  has(name: string): boolean {
    return this.#named(name).length > 0;
  }

  /** The value that counts of a flag that takes one: the last. */
  flag(name: string): string | undefined {
    const [last] = this.flags(name).reverse();
    return last;
  }

  /** All values of a flag, in their order. */
  flags(name: string): string[] {
    return this.#named(name).flatMap(({ value }) => (value === undefined ? [] : [value]));
  }

  /** Whether a switch is on; `otherwise` when it is not given, or with a value that core will refuse. */
  bool(name: string, otherwise = false): boolean {
    const [last] = this.#named(name).reverse();
    return last === undefined ? otherwise : (switchValue(last.value) ?? otherwise);
  }

  /** With further flags, each written as one argument such as `-out=x`, behind the flags that are there. */
  with(...flags: readonly string[]): CoreArguments {
    const tokens = [...this.#parts.tokens];
    const at = tokens.findIndex(({ kind }) => kind === "positional" || kind === "end");
    const added = flags.map((flag) => flagToken(this.command, flag));
    tokens.splice(at < 0 ? tokens.length : at, 0, ...added);
    return this.#change({ tokens });
  }

  /** With further flags in front of those that are there: core reads them even when it refuses what follows. */
  withFirst(...flags: readonly string[]): CoreArguments {
    const added = flags.map((flag) => flagToken(this.command, flag));
    return this.#change({ tokens: [...added, ...this.#parts.tokens] });
  }

  /** Without these flags, however often they are given. */
  without(...names: readonly string[]): CoreArguments {
    return this.filter(({ kind, name }) => (kind !== "flag" && kind !== "view") || !names.includes(name));
  }

  /** Only the tokens that pass. */
  filter(passes: (token: Token) => boolean): CoreArguments {
    return this.#change({ tokens: this.#parts.tokens.filter(passes) });
  }

  /** The same flags for another subcommand of one or two words. */
  withCommand(command: string): CoreArguments {
    return this.#change({ command });
  }

  /** With these positional arguments in place of those that are there. */
  withPositional(...positional: readonly string[]): CoreArguments {
    const flags = this.#parts.tokens.filter(({ kind }) => kind !== "positional" && kind !== "end");
    const added = positional.map((value): Token => {
      return { kind: "positional", written: [value], name: "", value, unknown: false };
    });
    const end: Token = { kind: "end", written: ["--"], name: "", value: undefined, unknown: false };
    const mark = positional.some((value) => value.startsWith("-")) ? [end] : [];
    return this.#change({ tokens: [...flags, ...mark, ...added] });
  }

  /** With `-chdir` to this folder, or without it. */
  withChdir(chdir: string | undefined): CoreArguments {
    return this.#change({ chdir });
  }

  /**
   * With all names of files absolute, as core would find them from `root`, the folder that core works in. What core
   * runs in another folder then reads and writes the same files.
   */
  absolute(root: string): CoreArguments {
    return this.#change({ tokens: this.#parts.tokens.map((token) => absoluteToken(this.command, token, root)) });
  }

  /**
   * The whole line, for core started with `withoutArgumentVariables(env)`: what the variables say is in it.
   */
  toArgv(): string[] {
    const chdir = this.chdir === undefined ? [] : [CHDIR + this.chdir];
    return [...chdir, ...this.#all()];
  }

  #all(): string[] {
    const { global, command, tokens } = this.#parts;
    const words = command === "" ? [] : command.split(" ");
    return [...global, ...words, ...tokens.flatMap(({ written }) => written)];
  }

  #named(name: string): Token[] {
    return this.#parts.tokens.filter(
      (token) => (token.kind === "flag" || token.kind === "view") && token.name === name,
    );
  }

  #change(parts: Partial<Parts>): CoreArguments {
    return new CoreArguments({ ...this.#parts, ...parts });
  }
}

/** Takes the last `-chdir=DIR` in front of the subcommand out, as core does; a wrong one stays for core to refuse. */
function takeChdir(argv: readonly string[]): { chdir: string | undefined; rest: readonly string[] } {
  const found = argv.findIndex((argument) => !argument.startsWith("-"));
  const front = argv.slice(0, found < 0 ? argv.length : found);
  if (front.includes("-chdir") || front.includes(CHDIR)) return { chdir: undefined, rest: argv };
  const at = front.findLastIndex((argument) => argument.startsWith(CHDIR));
  if (at < 0) return { chdir: undefined, rest: argv };
  return { chdir: argv[at]?.slice(CHDIR.length), rest: argv.toSpliced(at, 1) };
}

/** The subcommand, and where its last word stands; github.com/mitchellh/cli v1.1.5, `processArgs`. */
function findCommand(rest: readonly string[]): { command: string; last: number } {
  const at = rest.findIndex((argument, index) => {
    return argument !== "" && !argument.startsWith("-") && !rest.slice(0, index).includes("--");
  });
  const [first, second] = at < 0 ? [] : rest.slice(at, at + 2);
  if (first === undefined || first.includes(" ")) return { command: "", last: -1 };
  const nested = `${first} ${second ?? ""}`;
  return NESTED_COMMANDS.has(nested) ? { command: nested, last: at + 1 } : { command: first, last: at };
}

function variableWords(env: Environment, name: string): string[] {
  const words = splitShellWords(env[name] ?? "");
  if (words !== undefined) return words;
  throw new CoreError("CORE_ARGUMENTS", `${name} cannot be split into arguments`, {
    remedy: "Close its quotes, and quote parentheses.",
  });
}
