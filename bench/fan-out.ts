import type { Runtime } from "../src/runtime/types.js";
import { AIMS } from "./aims.js";
import { computingGuest, declared, quickGuest, sleepingProgram, waitingGuest } from "./fan-out-guests.js";
import type { FanOutGuest } from "./fan-out-guests.js";
import { measureCalls } from "./measure-calls.js";
import type { Measurement, ScopeOptions, ScopeResult } from "./measurement.js";
import { resourceEvent } from "./resources.js";
import { checkPassed, startRuntime } from "./runtimes.js";
import { aim, median, pairedRatio, summarize } from "./statistics.js";
import { temporaryFolder } from "./temporary-folder.js";
import { measureThroughput } from "./throughput.js";
import { waitingServer } from "./waiting-server.js";

const WAIT_MS = 20;
/** Turns of the loop that take some 20 ms. */
const TURNS = 200_000;
const COUNTS = [2, 4, 5, 8, 16, 32] as const;
const FEW = [5] as const;
const AIMED_COUNT = 5;
const EVENT_BYTES = 1_024;
const WARM_UP = 5;

/** What one event costs as more integrations want it, and how many events go through as a stateless one gets more instances. */
export async function measureFanOut(options: ScopeOptions): Promise<ScopeResult> {
  using folder = temporaryFolder();
  await using server = await waitingServer(WAIT_MS);
  const waiting = await waitingGuest(folder.path, server.port);
  const quick = await quickGuest(folder.path);
  const sleeping = await sleepingProgram(folder.path, WAIT_MS);
  const computing = await computingGuest(folder.path, TURNS, false);
  const many = (guest: FanOutGuest) => (count: number) => Array.from({ length: count }, () => guest);
  const questions: readonly Question[] = [
    {
      subject: waiting.name,
      guest: waiting,
      counts: COUNTS,
      guests: many(waiting),
      condition: (count) => `${count} that wait ${WAIT_MS} ms`,
      isAimed: true,
    },
    {
      subject: "js, one of which waits for http/fetch",
      guest: waiting,
      counts: [8, 32],
      guests: (count) => [waiting, ...many(quick)(count - 1)],
      condition: (count) => `1 that waits, ${count - 1} that answer at once`,
      isAimed: false,
    },
    {
      subject: sleeping.name,
      guest: sleeping,
      counts: FEW,
      guests: many(sleeping),
      condition: (count) => `${count} that sleep ${WAIT_MS} ms`,
      isAimed: true,
    },
    {
      subject: computing.name,
      guest: computing,
      counts: FEW,
      guests: many(computing),
      condition: (count) => `${count} that compute some ${WAIT_MS} ms`,
      isAimed: false,
    },
  ];
  const measurements: Measurement[] = [];
  for (const question of questions) measurements.push(...(await measureLatency(folder.path, question, options)));
  return { measurements: [...measurements, ...(await measureThroughput(folder.path, options))], skipped: [] };
}

interface Question {
  readonly subject: string;
  /** The one that the others are held against, alone. */
  readonly guest: FanOutGuest;
  readonly counts: readonly number[];
  readonly guests: (count: number) => readonly FanOutGuest[];
  readonly condition: (count: number) => string;
  readonly isAimed: boolean;
}

/** Each count in pairs with one alone, whose guest stays open all the while: a machine that gets busy slows both. */
async function measureLatency(folder: string, question: Question, options: ScopeOptions): Promise<Measurement[]> {
  const { subject, guest, counts, guests, condition, isAimed } = question;
  await using alone = await startRuntime({ integrations: declared(folder, [guest]), parallelism: 1 });
  const about = {
    scope: "fan-out",
    question: "Fan-out: latency of one event",
    subject,
    unit: "ms",
  } as const;
  const all: number[] = [];
  const rows: Measurement[] = [];
  for (const count of counts) {
    options.progress(`fan-out: ${condition(count)}: ${subject}`);
    await using runtime = await startRuntime({ integrations: declared(folder, guests(count)), parallelism: 1 });
    const pairs = await measurePairs(alone, runtime, options.quick ? 5 : 50);
    all.push(...pairs.map(({ one }) => one));
    const ratio = pairedRatio(
      pairs.map(({ one, many }) => many / one),
      "1 alone, median of pairs",
    );
    rows.push({
      ...about,
      condition: condition(count),
      ...summarize(pairs.map(({ many }) => many)),
      ratio,
      aim: isAimed && count === AIMED_COUNT ? aim(ratio.value, AIMS.parallelGuestsRatio, "ratio") : null,
    });
  }
  return [{ ...about, condition: "1 alone", ...summarize(all), ratio: null, aim: null }, ...rows];
}

async function measurePairs(alone: Runtime, runtime: Runtime, pairs: number) {
  const times: { readonly one: number; readonly many: number }[] = [];
  for (let pair = -WARM_UP; pair < pairs; pair++) {
    const one = await latencyMs(alone, 1);
    const many = await latencyMs(runtime, 1);
    if (pair >= 0) times.push({ one, many });
  }
  return times;
}

async function latencyMs(runtime: Runtime, calls: number): Promise<number> {
  const { latenciesUs } = await measureCalls(
    async (index) => {
      checkPassed(await runtime.dispatch(resourceEvent(index, EVENT_BYTES)));
    },
    { concurrency: 1, calls },
  );
  return median(latenciesUs) / 1_000;
}
