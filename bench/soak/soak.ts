import { createRuntime } from "../../src/runtime/runtime.js";
import type { IntegrationReport } from "../../src/runtime/types.js";
import { BenchError } from "../bench-error.js";
import { resourceEvent } from "../resources.js";
import { temporaryFolder } from "../temporary-folder.js";
import { CRASHER, soakGuests } from "./guests.js";
import { WARM_UP_SHARE, sampleMemory, trendOf } from "./memory.js";
import type { Sample, Trend } from "./memory.js";
import { Tallies } from "./tally.js";
import type { Tally } from "./tally.js";

const EVENT_BYTES = 1_024;
/** Memory is sampled at most so often, in ms: it takes time itself. */
const SAMPLE_EVERY_MS = 500;

/** What a soak came to. */
export interface SoakReport {
  readonly calls: number;
  readonly seconds: number;
  readonly tallies: readonly Tally[];
  readonly integrations: readonly IntegrationReport[];
  readonly parent: Trend;
  readonly children: Trend;
  /** What is wrong; nothing = the soak passed. */
  readonly faults: readonly string[];
}

/**
 * Makes at least so many hook calls over five guests, one of which crashes again and again, and says what came of each,
 * and of memory. Rejects with `BenchError` BENCH_NOT_BUILT when a guest does not start.
 */
export async function soak(wanted: number, progress: (text: string) => void): Promise<SoakReport> {
  using folder = temporaryFolder();
  const guests = soakGuests(folder.path);
  const names = guests.map(({ name }) => name);
  await using runtime = createRuntime({ integrations: guests, parallelism: 1 });
  const [broken] = await runtime.start();
  if (broken !== undefined) {
    throw new BenchError("BENCH_NOT_BUILT", `${broken.integration} did not start: ${broken.message}`, {
      remedy: "Run `npm run build`.",
    });
  }
  const events = Math.ceil(wanted / guests.length);
  const warm = Math.ceil(events * WARM_UP_SHARE);
  const tallies = new Tallies(names);
  const samples: Sample[] = [];
  const began = performance.now();
  let done = 0;
  let sampledAt = began;
  for await (const { results } of runtime.stream(eventsUpTo(events))) {
    tallies.take(results);
    done++;
    if (performance.now() - sampledAt >= SAMPLE_EVERY_MS || done === warm || done === events) {
      samples.push(sampleMemory(done * guests.length));
      sampledAt = performance.now();
    }
    if (done % Math.ceil(events / 20) === 0) progress(`${done * guests.length} calls`);
  }
  const found = {
    calls: done * guests.length,
    seconds: (performance.now() - began) / 1_000,
    tallies: [...tallies.all.values()],
    integrations: runtime.report(),
    parent: trendOf(samples, ({ parentBytes }) => parentBytes),
    children: trendOf(samples, ({ childrenBytes }) => childrenBytes),
  };
  return { ...found, faults: [...missing(found, tallies.incomplete, done, events), ...wrong(found)] };
}

function* eventsUpTo(count: number) {
  for (let index = 0; index < count; index++) yield resourceEvent(index, EVENT_BYTES);
}

type Found = Omit<SoakReport, "faults">;

function missing({ tallies }: Found, incomplete: number, done: number, events: number): string[] {
  const faults: string[] = [];
  if (done !== events) faults.push(`${events - done} events have no outcome`);
  if (incomplete > 0) faults.push(`${incomplete} events have not one result of each guest`);
  for (const { name, verdicts, errors, misplaced } of tallies) {
    const ended = verdicts + [...errors.values()].reduce((sum, count) => sum + count, 0);
    if (ended !== events) faults.push(`${name}: ${ended} of ${events} calls ended in a verdict or a named error`);
    if (misplaced > 0) faults.push(`${name}: ${misplaced} answers are not those of their calls`);
  }
  return faults;
}

function wrong({ tallies, integrations, parent, children }: Found): string[] {
  const faults: string[] = [];
  for (const { name, errors } of tallies) {
    if (errors.has("INTERNAL")) faults.push(`${name}: ${errors.get("INTERNAL") ?? 0} internal faults`);
    if (name !== CRASHER && errors.size > 0) faults.push(`${name}: not all of its calls succeeded`);
  }
  for (const { name, restarts, circuit } of integrations) {
    if (name !== CRASHER && restarts > 0) faults.push(`${name}: it was restarted ${restarts} times`);
    if (circuit !== "closed") faults.push(`${name}: its circuit is ${circuit ?? "not there"}`);
  }
  if (!parent.flat) faults.push("the memory of the parent is not flat");
  if (!children.flat) faults.push("the memory of its children is not flat");
  return faults;
}
