import { CliError } from "./cli-error.js";

/** What of a command line of core is ours. */
export interface OwnOptions {
  readonly core?: string | undefined;
  readonly report?: string | undefined;
  /** Names of integrations whose changes the user agrees to. */
  readonly approve: readonly string[];
  /** The folder that integrations are installed from, in the place of hosts. */
  readonly mirror?: string | undefined;
  /** A candidate that runs beside the integration of its name: `NAME@VERSION`. */
  readonly shadow?: string | undefined;
  readonly verbose: boolean;
}

const VALUES = new Set(["--core", "--report", "--approve", "--mirror", "--shadow"]);
/** Core's `test` has a flag of this name, with one dash or two. */
const VERBOSE = "--verbose";

/**
 * Takes our own options out of a command line that is otherwise core's: two dashes, and names that core does not have.
 * Behind `--` everything is core's. Throws `CliError` CLI_USAGE for an option without its value.
 */
export function takeOwnOptions(argv: readonly string[]): {
  readonly own: OwnOptions;
  readonly rest: readonly string[];
} {
  const rest: string[] = [];
  const values = new Map<string, string>();
  const approve: string[] = [];
  let verbose = false;
  for (let at = 0; at < argv.length; at += 1) {
    const argument = argv[at] ?? "";
    const [name = "", ...parts] = argument.split("=");
    if (argument === "--") {
      rest.push(...argv.slice(at));
      break;
    }
    if (argument === VERBOSE && !rest.includes("test")) {
      verbose = true;
    } else if (VALUES.has(name)) {
      const value = parts.length > 0 ? parts.join("=") : argv[(at += 1)];
      if (value === undefined || value === "") {
        throw new CliError("CLI_USAGE", `${name} needs a value`, { remedy: `Write ${name} VALUE` });
      }
      if (name === "--approve") approve.push(value);
      values.set(name, value);
    } else {
      rest.push(argument);
    }
  }
  const own = {
    core: values.get("--core"),
    report: values.get("--report"),
    approve,
    mirror: values.get("--mirror"),
    shadow: values.get("--shadow"),
    verbose,
  };
  return { own, rest };
}
