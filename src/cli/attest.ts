import type { AttackClass } from "../attest/attack.js";
import { attest } from "../attest/attest.js";
import { ATTACK_CLASSES } from "../attest/classes.js";
import { nearest } from "../base/nearest.js";
import { renderAttestJson, renderAttestText } from "../report/attest-report.js";
import { EXIT_CODES } from "../report/exit-code.js";
import type { ExitCode } from "../report/exit-code.js";
import { CliError } from "./cli-error.js";
import type { Format } from "./command.js";
import { useColor } from "./io.js";
import type { CliIo } from "./io.js";
import { StatusLine } from "./status-line.js";

/** What `airlock attest` was asked for. */
export interface AttestArguments {
  readonly format: Format;
  /** Names of classes; none = all. */
  readonly classes: readonly string[];
}

/** Runs `airlock attest`. Throws `CliError` CLI_USAGE for a class that there is not, and CLI_INTERRUPTED. */
export async function runAttest(
  { format, classes }: AttestArguments,
  io: CliIo,
  known: readonly AttackClass[] = ATTACK_CLASSES,
): Promise<ExitCode> {
  const status = new StatusLine(io.stderr, undefined, "classes");
  const report = await attest({
    classes: chosen(classes, known),
    progress: (_name, done, total) => {
      status.progress(done, total);
    },
    signal: io.interrupt,
  });
  status.clear();
  if (io.interrupt.aborted) throw new CliError("CLI_INTERRUPTED", "interrupted");
  const columns = io.stdout.isTTY ? io.stdout.columns : null;
  io.stdout.write(
    format === "json"
      ? renderAttestJson(report)
      : renderAttestText(report, { color: useColor(io.stdout, io.env), columns }),
  );
  return report.verdict === "pass" ? EXIT_CODES.ok : EXIT_CODES.fail;
}

function chosen(names: readonly string[], known: readonly AttackClass[]): readonly AttackClass[] {
  const all = known.map(({ name }) => name);
  const unknown = names.find((name) => !all.includes(name));
  if (unknown === undefined) return names.length === 0 ? known : known.filter(({ name }) => names.includes(name));
  const meant = nearest(unknown, all);
  throw new CliError("CLI_USAGE", `there is no class of attacks named ${JSON.stringify(unknown)}`, {
    remedy:
      meant === undefined ? `There are: ${all.join(", ")}.` : `Did you mean ${meant}? There are: ${all.join(", ")}.`,
  });
}
