import type { ExecutableSpec } from "../guest.js";
import { isolated } from "./bubblewrap.js";
import type { StartCommand } from "./interpreter.js";
import { visiblePaths } from "./visible-paths.js";

/** Limits that a process hands on to all it starts: no core dumps, and few open files unless it may have fewer already. */
const LIMITED = 'ulimit -c 0; ulimit -n "$1" 2>/dev/null; shift; exec "$@"';
/** What shells and bubblewrap add to the environment. */
const ADDED = ["PWD", "OLDPWD", "SHLVL", "_"];

/** How to start a program under its limits and, where the spec has one, inside its sandbox. */
export async function launchCommand(command: StartCommand, spec: ExecutableSpec): Promise<StartCommand> {
  const { environment, isolation, limits, directory, path, isAlone } = spec;
  const wall =
    isolation === undefined
      ? []
      : isolated(isolation, await visiblePaths(isAlone ? path : directory, command.interpreter), directory);
  const unset = ADDED.filter((name) => !(name in environment)).flatMap((name) => ["-u", name]);
  const inner = ["/usr/bin/env", ...unset, command.program, ...command.arguments];
  return {
    ...command,
    program: "/bin/sh",
    arguments: ["-c", LIMITED, "sh", String(limits.openFiles), ...wall, ...inner],
  };
}
