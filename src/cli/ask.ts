import { CoreArguments } from "../hosts/terraform/core/core-arguments.js";
import { findCore } from "../hosts/terraform/core/find-core.js";
import { askShow, askStatePull } from "../hosts/terraform/ask/show.js";
import { annotateText } from "../report/show-text.js";
import type { CommandContext } from "./command.js";
import { useColor } from "./io.js";
import { liveIo } from "./live-io.js";
import type { OwnOptions } from "./own-options.js";
import { WorkLine } from "./work-line.js";

/**
 * Core's `show` and `state pull`, with what integrations stored. null for every other command, and where nothing is
 * stored: then core is to run as it is.
 */
export async function runAskCommand(
  argv: readonly string[],
  own: OwnOptions,
  { io }: CommandContext,
): Promise<number | null> {
  const args = CoreArguments.parse(argv, {});
  if (args.command !== "show" && args.command !== "state pull") return null;
  const core = await findCore({ option: own.core, env: io.env, cwd: io.cwd });
  const live = liveIo(io, new WorkLine(io.stderr));
  if (args.command === "state pull") {
    const pulled = await askStatePull(core, argv, live);
    if (pulled !== null) live.write(pulled.stdout);
    return pulled?.code ?? null;
  }
  const shown = await askShow(core, argv, live);
  if (shown === null) return null;
  const color = useColor(io.stdout, io.env) && !args.bool("no-color");
  live.write(
    shown.form === "json"
      ? shown.stdout
      : Buffer.from(annotateText(shown.stdout.toString("utf8"), shown.metadata, { color })),
  );
  return shown.code;
}
