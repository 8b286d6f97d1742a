import { createWriteStream } from "node:fs";
import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { JS_FORM } from "./forms.js";
import type { Measurement, ScopeOptions, ScopeResult } from "./measurement.js";
import { packageRoot } from "./package-root.js";
import { planJson } from "./plan.js";
import { REQUIRED_TAGS } from "./resources.js";
import { runCommand, runWatched } from "./run-command.js";
import { ratio, summarize } from "./statistics.js";
import { temporaryFolder } from "./temporary-folder.js";

const COUNTS = [1_000, 5_000] as const;
const EXIT_FAIL = 1;

/** Wall time and memory of `airlock check` as plans grow. */
export async function measureScale({ quick, progress }: ScopeOptions): Promise<ScopeResult> {
  using folder = temporaryFolder();
  const source = JSON.stringify(join(packageRoot(), JS_FORM.source));
  const config = `{ required_tags = ${JSON.stringify(REQUIRED_TAGS)} }`;
  await writeFile(
    join(folder.path, "airlock.hcl"),
    `integration "required_tags" {\n  source = ${source}\n  config = ${config}\n}\n`,
  );
  const measurements: Measurement[] = [];
  for (const count of COUNTS) {
    progress(`scale: ${count} resources`);
    const plan = join(folder.path, `plan-${count}.json`);
    await pipeline(Readable.from(planJson(count)), createWriteStream(plan));
    const { size } = await stat(plan);
    const report = join(folder.path, "report.json");
    const cli = join(packageRoot(), "dist/src/cli/main.js");
    const args = [cli, "check", plan, "--config", folder.path, "--format", "json", "--output", report];
    const elapsed: number[] = [];
    for (let run = 0; run < (quick ? 1 : 5); run++) elapsed.push(await runCommand(args, EXIT_FAIL));
    const { command } = await runWatched(args, EXIT_FAIL);
    const about = {
      scope: "scale",
      subject: `${count} resources`,
      condition: `plan of ${(size / 1024 ** 2).toFixed(1)} MiB`,
      aim: null,
    } as const;
    const time = { ...about, question: "Scale: wall time of the whole check", unit: "ms" } as const;
    const peak = { ...about, question: "Scale: peak of resident memory of the command", unit: "bytes" } as const;
    for (const [row, values] of [
      [time, elapsed],
      [peak, [command.peakBytes]],
    ] as const) {
      const summary = summarize(values);
      const base = measurements.find(({ question }) => question === row.question)?.median ?? null;
      measurements.push({ ...row, ...summary, ratio: ratio(summary.median, base, `${COUNTS[0]} resources`) });
    }
  }
  return { measurements, skipped: [] };
}
