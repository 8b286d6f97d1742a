import type { ExecutableSpec } from "../guest.js";
import { isolated } from "./bubblewrap.js";
import type { StartCommand } from "./interpreter.js";
import { visiblePaths } from "./visible-paths.js";

const SHELL = "/bin/sh";
/** Limits that a process hands on to all it starts: no core dumps, and few open files unless it may have fewer already. */
const LIMITED = 'ulimit -c 0; ulimit -n "$1" 2>/dev/null; shift;';
/**
 * bubblewrap itself holds its stdin and stdout open as long as it lives, and nothing else. So it gets the pipes under
 * other numbers, and what runs in it takes them back: then a program that closes one has closed it.
 */
const HAND_OVER = "exec 3<&0 4>&1 </dev/null >/dev/null;";
const TAKE_BACK = "exec <&3 >&4 3<&- 4>&-;";
const RUN = 'exec "$@"';
/** What shells and bubblewrap add to the environment. */
const ADDED = ["PWD", "OLDPWD", "SHLVL", "_"];

/** How to start a program under its limits and, where the spec has one, inside its sandbox. */
export async function launchCommand(command: StartCommand, spec: ExecutableSpec): Promise<StartCommand> {
  const { environment, isolation, limits } = spec;
  const unset = ADDED.filter((name) => !(name in environment)).flatMap((name) => ["-u", name]);
  const program = ["/usr/bin/env", ...unset, command.program, ...command.arguments];
  const start =
    isolation === undefined
      ? [`${LIMITED} ${RUN}`, "sh", String(limits.openFiles), ...program]
      : [
          ...[`${LIMITED} ${HAND_OVER} ${RUN}`, "sh", String(limits.openFiles)],
          ...isolated(isolation, await visibleTo(spec, command), spec.directory),
          ...[SHELL, "-c", `${TAKE_BACK} ${RUN}`, "sh", ...program],
        ];
  return { ...command, program: SHELL, arguments: ["-c", ...start] };
}

function visibleTo({ path, directory, isAlone }: ExecutableSpec, { interpreter }: StartCommand): Promise<string[]> {
  return visiblePaths(isAlone === true ? path : directory, interpreter);
}
