import { distance } from "fastest-levenshtein";

/** Commands of ours; everything else is core's. */
const OWN_COMMANDS: readonly string[] = [
  ...["attest", "check", "inspect", "doctor", "metadata", "help"],
  ...["pack", "keygen", "sign", "verify", "verify-bundle", "publish", "yank"],
  ...["outdated", "update", "mirror", "cache"],
];
/** Options of ours that take a value as the next argument. */
const WITH_VALUE: ReadonlySet<string> = new Set(["--core", "--report", "--approve", "--mirror", "--shadow"]);
/** What core has in every version; a newer one may have more. */
const CORE_COMMANDS: ReadonlySet<string> = new Set([
  ...["apply", "console", "destroy", "env", "fmt", "force-unlock", "get", "graph", "import", "init", "login", "logout"],
  ...["output", "plan", "providers", "push", "refresh", "show", "state", "taint", "test", "untaint"],
  ...["validate", "version", "workspace"],
]);
/** So few letters make a slip of the finger and not another word. */
const NEAR = 2;

/** The arguments that are neither options nor values of ours. */
function wordsOf(argv: readonly string[]): readonly string[] {
  return argv.filter((argument, at) => !argument.startsWith("-") && !WITH_VALUE.has(argv[at - 1] ?? ""));
}

/** The first argument that is neither an option nor the value of one of ours. */
export function commandOf(argv: readonly string[]): string | undefined {
  return wordsOf(argv)[0];
}

/**
 * Whether a command line is one of core. What no core is known to have is passed on, too, for a core may be newer than
 * we are; but not what is nearly one of our own commands.
 */
export function isForCore(argv: readonly string[]): boolean {
  const [command, next] = wordsOf(argv);
  // The one subcommand that core has under this name.
  if (command === "metadata" && next === "functions") return true;
  if (command === undefined || OWN_COMMANDS.includes(command)) return false;
  return CORE_COMMANDS.has(command) || OWN_COMMANDS.every((own) => distance(own, command) > NEAR);
}
