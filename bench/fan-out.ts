import { AIMS } from "./aims.js";
import { computingGuest, waitingGuests } from "./fan-out-guests.js";
import { measureCalls } from "./measure-calls.js";
import type { Measurement, ScopeOptions, ScopeResult } from "./measurement.js";
import { resourceEvent } from "./resources.js";
import { checkPassed, startRuntime } from "./runtimes.js";
import { aim, pairedRatio, ratio, summarize } from "./statistics.js";
import { temporaryFolder } from "./temporary-folder.js";
import { waitingServer } from "./waiting-server.js";

const COUNTS = [1, 2, 4, 5, 8, 16, 32] as const;
const AIMED_COUNT = 5;
const WAIT_MS = 20;
const EVENT_BYTES = 1_024;
/** About 1 ms of QuickJS on a machine of today. */
const TURNS = 10_000;

/** What one event costs as more integrations want it, and how many events go through as a stateless one gets more instances. */
export async function measureFanOut(options: ScopeOptions): Promise<ScopeResult> {
  return { measurements: [...(await measureWaiting(options)), ...(await measureThroughput(options))], skipped: [] };
}

async function measureWaiting({ quick, progress }: ScopeOptions): Promise<readonly Measurement[]> {
  using folder = temporaryFolder();
  await using server = await waitingServer(WAIT_MS);
  const measurements: Measurement[] = [];
  for (const count of COUNTS) {
    progress(`fan-out: ${count} integrations that wait ${WAIT_MS} ms`);
    const integrations = await waitingGuests(folder.path, server.port, count);
    await using runtime = await startRuntime({ integrations, parallelism: 1 });
    const call = async (index: number) => {
      checkPassed(await runtime.dispatch(resourceEvent(index, EVENT_BYTES)));
    };
    await measureCalls(call, { concurrency: 1, calls: 5 });
    const { latenciesUs } = await measureCalls(call, { concurrency: 1, calls: quick ? 10 : 100 });
    const summary = summarize(latenciesUs.map((us) => us / 1_000));
    const held = ratio(summary.median, measurements[0]?.median ?? null, "1 integration");
    measurements.push({
      scope: "fan-out",
      question: `Fan-out: latency of one event, guests that wait ${WAIT_MS} ms each`,
      subject: "js that waits for http/fetch",
      condition: `${count} integrations`,
      unit: "ms",
      ...summary,
      ratio: held,
      aim: count === AIMED_COUNT && held !== null ? aim(held.value, AIMS.parallelGuestsRatio, "ratio") : null,
    });
  }
  return measurements;
}

async function measureThroughput({ quick, progress }: ScopeOptions): Promise<readonly Measurement[]> {
  using folder = temporaryFolder();
  const integrations = [await computingGuest(folder.path, TURNS)];
  await using one = await startRuntime({ integrations, parallelism: 1 });
  await using two = await startRuntime({ integrations, parallelism: 2 });
  const perSecond: { readonly one: number; readonly two: number }[] = [];
  const rounds = quick ? 3 : 15;
  progress(`fan-out: throughput of one instance and of two, ${rounds} pairs`);
  for (let round = -1; round < rounds; round++) {
    const rates = { one: await rateOf(one), two: await rateOf(two) };
    // In the first round the second instance is only opened.
    if (round >= 0) perSecond.push(rates);
  }
  const about = {
    scope: "fan-out",
    question: "Fan-out: throughput of a stateless integration",
    subject: "js that computes",
    unit: "per_s",
  } as const;
  const held = pairedRatio(
    perSecond.map((rates) => rates.two / rates.one),
    "1 instance, median of pairs",
  );
  return [
    { ...about, condition: "1 instance", ...summarize(perSecond.map((rates) => rates.one)), ratio: null, aim: null },
    {
      ...about,
      condition: "2 instances",
      ...summarize(perSecond.map((rates) => rates.two)),
      ratio: held,
      aim: aim(held.value, AIMS.twoInstancesRatio, "ratio"),
    },
  ];
}

async function rateOf(runtime: Awaited<ReturnType<typeof startRuntime>>): Promise<number> {
  const { perCallUs } = await measureCalls(
    async (index) => {
      checkPassed(await runtime.dispatch(resourceEvent(index, EVENT_BYTES)));
    },
    { concurrency: 64, calls: 512 },
  );
  return 1_000_000 / perCallUs;
}
