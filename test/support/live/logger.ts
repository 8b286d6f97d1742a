import { resolve } from "node:path";
import { airlock } from "./airlock.js";
import type { RunOptions } from "./process.js";
import type { Core } from "./tools.js";
import type { Workspace } from "./workspace.js";

/** The declaration of the sample `logger`, which writes a line for every event. */
export const LOGGER = `integration "logger" {
  source = ${JSON.stringify(resolve("integrations/logger"))}
}
`;

const LINE = /^\[logger\] info: (\S+) ?(.*)$/gm;

/** What the logger wrote: for each hook `ADDRESS ACTION` of each event, sorted, for events of one walk have no order. */
export type Logged = Readonly<Record<string, readonly string[]>>;

function loggedIn(stderr: string): Logged {
  const events = [...stderr.matchAll(LINE)].map(([, hook = "", what = ""]) => [hook, what] as const);
  const hooks = [...new Set(events.map(([hook]) => hook))];
  return Object.fromEntries(
    hooks.map((one) => [one, events.flatMap(([hook, what]) => (hook === one ? [what] : [])).sort()]),
  );
}

/** Runs `airlock ARGS` in a project that declares `LOGGER`. Rejects with all that was printed unless it ends with 0. */
export async function logged(
  space: Workspace,
  core: Core,
  args: readonly string[],
  options?: RunOptions,
): Promise<Logged> {
  const { code, stdout, stderr } = await airlock(space, core, [...args, "--verbose"], options);
  if (code !== 0) throw new Error(`${args.join(" ")} ended with ${String(code)}\n${stdout}\n${stderr}`);
  return loggedIn(stderr);
}

/** Events of one action at each address, in the order of `Logged`. */
export function on(action: string, ...addresses: readonly string[]): readonly string[] {
  return addresses.map((address) => `${address} ${action}`).sort();
}

/** The same events before and after something. */
export function around(what: "plan" | "apply", ...events: readonly (readonly string[])[]): Logged {
  const all = events.flat().sort();
  return { [`pre-${what}-resource`]: all, [`post-${what}-resource`]: all };
}
