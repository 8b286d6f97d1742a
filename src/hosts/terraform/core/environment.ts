/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

const ARGUMENTS = "TF_CLI_ARGS";

/** The variable whose words core puts right after this subcommand, e.g. `TF_CLI_ARGS_force_unlock`. */
export function argumentsVariable(command: string): string {
  return `${ARGUMENTS}_${command.replace(/[- ]/g, "_")}`;
}

/**
 * The environment without `TF_CLI_ARGS` and all `TF_CLI_ARGS_*`. A command line made by `CoreArguments.toArgv` already
 * holds what they say, and a command that we run beside the user's must not get what was meant for theirs.
 */
export function withoutArgumentVariables(env: Environment): Environment {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => name !== ARGUMENTS && !name.startsWith(`${ARGUMENTS}_`)),
  );
}
