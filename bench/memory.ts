import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import * as v from "valibot";
import { AIMS } from "./aims.js";
import { BenchError } from "./bench-error.js";
import { JS_FORM, PLUG_IN_FORM, FORMS, findForm } from "./forms.js";
import type { Form } from "./forms.js";
import type { Measurement, ScopeOptions, ScopeResult, Skipped } from "./measurement.js";
import { ProbeAnswerSchema } from "./memory-probe.js";
import type { ProbeAnswer, ProbeRequest } from "./memory-probe.js";
import { aim, ratio, slope, summarize } from "./statistics.js";

const COUNTS = [1, 5, 10, 20] as const;
const GROWTH = "Memory: for each added integration (slope over 1 to 20)";
const TOTAL = "Memory: resident, one instance each";

interface Point {
  readonly count: number;
  readonly probed: ProbeAnswer;
}

/** What integrations cost in resident memory; every figure is taken in a process that has done nothing else. */
export async function measureMemory({ quick, progress }: ScopeOptions): Promise<ScopeResult> {
  const measurements: Measurement[] = [];
  const skipped: Skipped[] = [];
  const wanted = [JS_FORM, PLUG_IN_FORM, ...FORMS.filter(({ name }) => name === "wasm command (Go)")];
  for (const form of wanted) {
    const found = await findForm(form);
    if (typeof found === "string") {
      skipped.push({ scope: "memory", subject: form.name, reason: found });
      continue;
    }
    const rounds: Point[][] = [];
    for (let round = 0; round < (quick ? 1 : 3); round++) {
      progress(`memory: ${form.name}, round ${round + 1}`);
      const points: Point[] = [];
      for (const count of COUNTS) points.push({ count, probed: await probe({ form: form.name, count }) });
      rounds.push(points);
    }
    measurements.push(...rowsOf(form, rounds));
  }
  const order = [GROWTH, TOTAL];
  return {
    measurements: measurements.toSorted((one, other) => order.indexOf(one.question) - order.indexOf(other.question)),
    skipped,
  };
}

function rowsOf(form: Form, rounds: readonly (readonly Point[])[]): Measurement[] {
  const parts = [
    ["sandbox host", (probed: ProbeAnswer) => probed.childrenBytes],
    ["parent", (probed: ProbeAnswer) => probed.parentBytes],
  ] as const;
  return parts.flatMap(([part, bytesOf]) => {
    const about = { scope: "memory", subject: form.name, unit: "bytes", aim: null } as const;
    const growth = summarize(
      rounds.map((points) => slope(points.map(({ count, probed }) => [count, bytesOf(probed)]))),
    );
    const totals = COUNTS.map((wanted) => ({
      count: wanted,
      ...summarize(rounds.flat().flatMap(({ count, probed }) => (count === wanted ? [bytesOf(probed)] : []))),
    }));
    const one = totals[0]?.median ?? null;
    return [
      {
        ...about,
        question: GROWTH,
        condition: part,
        ...growth,
        ratio: ratio(growth.median, one, `the ${part} with 1`),
        aim: part === "sandbox host" ? aim(growth.median, AIMS.guestBytes) : null,
      },
      ...totals.map(({ count, ...summary }) => ({
        ...about,
        question: TOTAL,
        condition: `${part}, ${count}`,
        ...summary,
        ratio: ratio(summary.median, one, "with 1"),
      })),
    ];
  });
}

async function probe(request: ProbeRequest): Promise<ProbeAnswer> {
  const program = fileURLToPath(new URL("./memory-probe.js", import.meta.url));
  const child = fork(program, { execArgv: ["--expose-gc"], stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const ended = once(child, "exit");
  const answered = once(child, "message");
  child.send(request);
  const first = await Promise.race([answered, ended]);
  const answer = v.safeParse(ProbeAnswerSchema, first[0]);
  if (!answer.success) throw new BenchError("BENCH_COMMAND_FAILED", `the memory of ${request.form} was not measured`);
  await ended;
  return answer.output;
}
