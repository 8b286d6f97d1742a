/**
 * Flags of core's subcommands that take a value, `-flag=value` or `-flag value`. From internal/command/arguments and
 * internal/command of OpenTofu 1.12 and Terraform 1.5, and the newer ones of Terraform's command reference.
 */
const VALUE_FLAGS: ReadonlySet<string> = new Set([
  ...["backend-config", "backup", "backup-out", "cloud-run", "config", "exclude", "exclude-file", "filter"],
  ...["from-module", "fs-mirror", "generate-config-out", "id", "json-into", "junit-xml", "lock-timeout", "lockfile"],
  ...["module", "module-depth", "net-mirror", "out", "parallelism", "plan", "platform", "plugin-dir", "replace"],
  ...["state", "state-out", "target", "target-file", "test-directory", "type", "var", "var-file"],
]);

/** Flags that are true or false, `-flag` or `-flag=true|false`. */
const BOOLEAN_FLAGS: ReadonlySet<string> = new Set([
  ...["allow-deferral", "allow-missing", "auto-approve", "backend", "check", "cloud", "destroy", "detailed-exitcode"],
  ...["diff", "draw-cycles", "dry-run", "force", "force-copy", "get", "ignore-remote-version", "input", "json", "list"],
  ...["lock", "migrate-state", "no-tests", "or-create", "raw", "reconfigure", "recursive", "refresh", "refresh-only"],
  ...["show-sensitive", "suppress-forget-errors", "update", "upgrade", "verbose", "write"],
]);

/** Flags that are a switch in one command and take a value in the others. */
const SWITCHES_OF: ReadonlyMap<string, ReadonlySet<string>> = new Map([["show", new Set(["state", "config"])]]);

/** Flags that `plan` knows and `apply` refuses. */
export const PLAN_ONLY_FLAGS: readonly string[] = ["detailed-exitcode", "generate-config-out", "out"];

/** What a flag of a subcommand is: takes a value, is a switch, or core will refuse it. */
export function flagKind(command: string, name: string): "value" | "switch" | "unknown" {
  if (SWITCHES_OF.get(command)?.has(name) === true || BOOLEAN_FLAGS.has(name)) return "switch";
  return VALUE_FLAGS.has(name) ? "value" : "unknown";
}

/** Whether core takes this argument out before it reads flags, wherever it stands: `ParseView` of both cores. */
export function isViewFlag(argument: string): boolean {
  return VIEW_FLAG.test(argument);
}

const VIEW_FLAG =
  /^-(?:no-color|compact-warnings|concise|consolidate-(?:warnings|errors)(?:=true|=false)?|deprecation=module:.*)$/s;

const GROUPS = {
  env: ["delete", "list", "new", "select"],
  metadata: ["functions"],
  providers: ["lock", "mirror", "schema"],
  state: ["identities", "list", "ls", "move", "mv", "pull", "push", "remove", "replace-provider", "rm", "show"],
  workspace: ["delete", "list", "new", "select", "show"],
} as const;

/** The subcommands of two words, such as `state list`. */
export const NESTED_COMMANDS: ReadonlySet<string> = new Set(
  Object.entries(GROUPS).flatMap(([group, commands]) => commands.map((command) => `${group} ${command}`)),
);
