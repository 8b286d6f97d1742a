import type { AirlockEvent } from "../src/protocol/events.js";
import { createRuntime } from "../src/runtime/runtime.js";
import { AIMS } from "./aims.js";
import { BenchError } from "./bench-error.js";
import { LOOP_TYPE, looping } from "./looping-guests.js";
import type { LoopingGuest } from "./looping-guests.js";
import type { Measurement, ScopeOptions, ScopeResult } from "./measurement.js";
import { resourceEvent } from "./resources.js";
import { checkPassed } from "./runtimes.js";
import { aim, ratio, summarize } from "./statistics.js";
import { temporaryFolder } from "./temporary-folder.js";

const TIMEOUT_MS = 200;
const EVENT_BYTES = 1_024;

interface Stops {
  /** From createRuntime to the first verdict. */
  readonly firstMs: number;
  /** From the deadline to the rejection, each time. */
  readonly overMs: readonly number[];
  /** From the rejection to the verdict of the guest that took over, each time. */
  readonly replacedMs: readonly number[];
}

/** How long after its deadline a guest that never ends is stopped, and how long until another one answers in its place. */
export async function measureHardStop({ quick, progress }: ScopeOptions): Promise<ScopeResult> {
  using folder = temporaryFolder();
  const measured: (readonly [LoopingGuest, Stops])[] = [];
  for (const guest of await looping(folder.path)) {
    progress(`hard stop: ${guest.name}`);
    measured.push([guest, await stopAgainAndAgain(guest, quick ? 3 : 15)]);
  }
  return {
    measurements: [
      ...measured.map(([guest, { overMs }]) => stopRow(guest, overMs)),
      ...measured.map(([guest, { replacedMs, firstMs }]) => replacementRow(guest, replacedMs, firstMs)),
    ],
    skipped: [],
  };
}

function stopRow({ name }: LoopingGuest, overMs: readonly number[]): Measurement {
  const summary = summarize(overMs);
  return {
    scope: "hard-stop",
    question: "Hard stop: from the deadline to the rejection",
    subject: name,
    condition: `timeout ${TIMEOUT_MS} ms`,
    unit: "ms",
    ...summary,
    ratio: ratio(summary.median, TIMEOUT_MS, "the timeout"),
    aim: aim(summary.median, AIMS.hardStopMs),
  };
}

function replacementRow({ name }: LoopingGuest, replacedMs: readonly number[], firstMs: number): Measurement {
  const summary = summarize(replacedMs);
  return {
    scope: "hard-stop",
    question: "Hard stop: from the rejection to the replacement's first verdict",
    subject: name,
    condition: `timeout ${TIMEOUT_MS} ms`,
    unit: "ms",
    ...summary,
    ratio: ratio(summary.median, firstMs, "the first start"),
    aim: aim(summary.median, AIMS.replacementMs),
  };
}

async function stopAgainAndAgain({ name, source }: LoopingGuest, times: number): Promise<Stops> {
  const began = performance.now();
  await using runtime = createRuntime({
    integrations: [{ name: "looping", source, directory: "/", timeoutMs: TIMEOUT_MS }],
    parallelism: 1,
  });
  await runtime.start();
  const good = resourceEvent(0, EVENT_BYTES);
  checkPassed(await runtime.dispatch(good));
  const firstMs = performance.now() - began;
  const overMs: number[] = [];
  const replacedMs: number[] = [];
  for (let time = 0; time < times; time++) {
    const before = performance.now();
    const { results } = await runtime.dispatch(endless(good));
    const rejected = performance.now();
    const code = results[0]?.error?.code;
    if (code !== "GUEST_TIMEOUT") {
      throw new BenchError(
        "BENCH_WRONG_ANSWER",
        `${name} was to be stopped at its deadline, and came to ${String(code)}`,
      );
    }
    overMs.push(rejected - before - TIMEOUT_MS);
    checkPassed(await runtime.dispatch(good));
    replacedMs.push(performance.now() - rejected);
  }
  return { firstMs, overMs, replacedMs };
}

function endless(event: AirlockEvent): AirlockEvent {
  if (event.hook !== "post-plan-resource") return event;
  return { ...event, params: { ...event.params, type: LOOP_TYPE } };
}
