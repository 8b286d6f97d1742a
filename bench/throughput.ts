import type { Runtime } from "../src/runtime/types.js";
import { AIMS } from "./aims.js";
import { BenchError } from "./bench-error.js";
import { computingGuest, declared } from "./fan-out-guests.js";
import { measureCalls } from "./measure-calls.js";
import type { Measurement, ScopeOptions } from "./measurement.js";
import { resourceEvent } from "./resources.js";
import { checkPassed, startRuntime } from "./runtimes.js";
import { aim, pairedRatio, summarize } from "./statistics.js";

const EVENT_BYTES = 1_024;
const UNDER_WAY = 64;
/** Turns of the loop that take some 1 ms and 5 ms; events in a round of each. */
const CASES = [
  { turns: 10_000, ms: 1, events: 512, isAimed: true },
  { turns: 50_000, ms: 5, events: 128, isAimed: false },
] as const;
const US_PER_S = 1_000_000;
/** Rounds until a second instance must have opened. */
const MOST_ROUNDS_TO_OPEN = 20;

/** Events in a second through one and through two instances of a stateless guest, in pairs. */
export async function measureThroughput(folder: string, { quick, progress }: ScopeOptions): Promise<Measurement[]> {
  const measurements: Measurement[] = [];
  for (const { turns, ms, events, isAimed } of CASES) {
    const pairs = quick ? 3 : 15;
    progress(`fan-out: throughput of one instance and of two, some ${ms} ms a call, ${pairs} pairs`);
    const integrations = declared(folder, [await computingGuest(folder, turns, true)]);
    await using one = await startRuntime({ integrations, parallelism: 1 });
    const opened = { instances: 0 };
    await using two = await startRuntime({
      integrations,
      parallelism: 2,
      observer(notice) {
        if (notice.type === "guest-started") opened.instances += 1;
      },
    });
    await openSecond(two, events, opened);
    const rates: { readonly one: number; readonly two: number }[] = [];
    for (let pair = 0; pair < pairs; pair++) {
      rates.push({ one: await rateOf(one, events), two: await rateOf(two, events) });
    }
    const about = {
      scope: "fan-out",
      question: "Fan-out: throughput of a stateless integration",
      subject: `js that computes some ${ms} ms a call`,
      unit: "per_s",
    } as const;
    const ratio = pairedRatio(
      rates.map((rate) => rate.two / rate.one),
      "1 instance, median of pairs",
    );
    measurements.push(
      { ...about, condition: "1 instance", ...summarize(rates.map((rate) => rate.one)), ratio: null, aim: null },
      {
        ...about,
        condition: "2 instances",
        ...summarize(rates.map((rate) => rate.two)),
        ratio,
        aim: isAimed ? aim(ratio.value, AIMS.twoInstancesRatio, "ratio") : null,
      },
    );
  }
  return measurements;
}

/** A further instance opens once events wait long enough. Rejects with `BenchError` BENCH_WRONG_ANSWER when it does not. */
async function openSecond(runtime: Runtime, events: number, opened: { readonly instances: number }): Promise<void> {
  for (let round = 0; opened.instances < 2; round++) {
    if (round === MOST_ROUNDS_TO_OPEN) {
      throw new BenchError("BENCH_WRONG_ANSWER", "a second instance of a stateless integration did not open");
    }
    await rateOf(runtime, events);
  }
  await rateOf(runtime, events);
}

async function rateOf(runtime: Runtime, events: number): Promise<number> {
  const { perCallUs } = await measureCalls(
    async (index) => {
      checkPassed(await runtime.dispatch(resourceEvent(index, EVENT_BYTES)));
    },
    { concurrency: UNDER_WAY, calls: events },
  );
  return US_PER_S / perCallUs;
}
