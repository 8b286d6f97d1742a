import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AIMS } from "./aims.js";
import { checkArguments, policyDeclaration } from "./check-command.js";
import { findForm, FORMS, JS_FORM } from "./forms.js";
import type { Form } from "./forms.js";
import type { Goal, Measurement, ScopeOptions, ScopeResult, Skipped } from "./measurement.js";
import { findCheckov, findConftest } from "./peers.js";
import type { Peer } from "./peers.js";
import { REQUIRED_TAGS } from "./resources.js";
import { runCommand, runWatched } from "./run-command.js";
import { aim, pairedRatio, ratio, summarize } from "./statistics.js";
import { temporaryFolder } from "./temporary-folder.js";

/** Every plan here has something wrong in it, which all of these programs tell by this exit code. */
const EXIT_FAIL = 1;

/** A plan file for so many resources. */
type PlanOf = (count: number) => Promise<{ readonly file: string }>;

interface Comparison {
  readonly count: number;
  readonly find: (folder: string) => Peer | string;
  /** Forms of our policy; the aims are about the first one. */
  readonly forms: readonly Form[];
  readonly pairs: number;
  readonly time: Goal;
  readonly memory: Goal | null;
}

const sandboxed = FORMS.filter(({ name }) => !name.startsWith("executable"));

const COMPARISONS: readonly Comparison[] = [
  {
    count: 10_000,
    find: findConftest,
    forms: sandboxed,
    pairs: 7,
    time: AIMS.conftestTimeRatio,
    memory: AIMS.conftestMemoryRatio,
  },
  { count: 1_000, find: findCheckov, forms: [JS_FORM], pairs: 3, time: AIMS.checkovTimeRatio, memory: null },
];

/** `airlock check` against other programs with the same rule over the same plan: whole processes, in pairs. */
export async function measureAgainstPeers(options: ScopeOptions, planOf: PlanOf): Promise<ScopeResult> {
  using folder = temporaryFolder();
  const measurements: Measurement[] = [];
  const skipped: Skipped[] = [];
  for (const comparison of COMPARISONS) {
    const { file } = await planOf(comparison.count);
    options.progress("check: another program with the same rule, built or installed where it is missing");
    const peer = comparison.find(folder.path);
    if (typeof peer === "string") {
      skipped.push({ scope: "check", subject: `${comparison.count} resources against another program`, reason: peer });
      continue;
    }
    for (const [at, form] of comparison.forms.entries()) {
      const found = await findForm(form);
      if (typeof found === "string") skipped.push({ scope: "check", subject: form.name, reason: found });
      else
        measurements.push(
          ...(await compare(
            { ...comparison, isAimed: at === 0, form, peer, plan: file, folder: folder.path },
            options,
          )),
        );
    }
  }
  return { measurements, skipped };
}

interface Pair extends Comparison {
  readonly isAimed: boolean;
  readonly form: Form;
  readonly peer: Peer;
  readonly plan: string;
  readonly folder: string;
}

async function compare(pair: Pair, { quick, progress }: ScopeOptions): Promise<readonly Measurement[]> {
  const { peer, form, plan, count } = pair;
  const config = join(pair.folder, form.name);
  await mkdir(config, { recursive: true });
  await writeFile(join(config, "airlock.hcl"), policyDeclaration(form, REQUIRED_TAGS));
  const ours = checkArguments(config, plan, join(config, "report.json"));
  const theirs = peer.arguments(plan);
  const times: number[] = [];
  const ratios: number[] = [];
  const runs = quick ? 1 : pair.pairs;
  for (let run = 0; run < runs; run++) {
    progress(`check: ${form.name} against ${peer.name}, ${run + 1} of ${runs}`);
    const elapsed = await runCommand(ours, EXIT_FAIL);
    times.push(elapsed);
    ratios.push(elapsed / (await runCommand(theirs, EXIT_FAIL, peer.program)));
  }
  const own = await runWatched(ours, EXIT_FAIL);
  const other = await runWatched(theirs, EXIT_FAIL, peer.program);
  const bytes = own.command.peakBytes + own.child.peakBytes;
  const held = pairedRatio(ratios, peer.name);
  const memory = ratio(bytes, other.command.peakBytes, peer.name);
  const about = {
    scope: "check",
    subject: `${form.name}, ${count} resources`,
    condition: `beside ${peer.name}`,
  } as const;
  return [
    {
      ...about,
      question: "Check: wall time against other programs with the same rule",
      unit: "ms",
      ...summarize(times),
      ratio: held,
      aim: pair.isAimed ? aim(held.value, pair.time, "ratio") : null,
    },
    {
      ...about,
      question: "Check: peak of resident memory against other programs, command and sandbox host together",
      unit: "bytes",
      ...summarize([bytes]),
      ratio: memory,
      aim: pair.isAimed && pair.memory !== null && memory !== null ? aim(memory.value, pair.memory, "ratio") : null,
    },
  ];
}
