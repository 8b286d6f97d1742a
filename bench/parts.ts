import { Bench } from "tinybench";
import type { Statistics } from "tinybench";
import * as v from "valibot";
import { EncodedEvent, encodeRequest } from "../src/protocol/encode.js";
import { parseJson } from "../src/protocol/json.js";
import { DEFAULT_LIMITS } from "../src/protocol/limits.js";
import { ResponseSchema } from "../src/protocol/messages.js";
import { VerdictSchema } from "../src/protocol/verdict.js";
import { FrameReader, encodeFrame } from "../src/sandbox/frames.js";
import { SandboxMessageSchema } from "../src/sandbox/messages.js";
import { BenchError } from "./bench-error.js";
import type { Measurement, ScopeOptions } from "./measurement.js";
import { resourceEvent } from "./resources.js";
import { ratio, summarize } from "./statistics.js";

const ANSWER = '{"jsonrpc":"2.0","id":7,"result":{"status":"success","message":"","findings":[]}}';
const US_PER_MS = 1_000;

/** What the parent itself computes for each call, step by step, in this thread and without any waiting. */
export async function measureParts(eventBytes: number, { quick }: ScopeOptions): Promise<readonly Measurement[]> {
  const event = resourceEvent(1, eventBytes);
  const line = encodeRequest(7, event.hook, new EncodedEvent(event).params());
  const answers = encodeFrame([["answer", 1, 7, [ANSWER], 12.5]]);
  const reader = new FrameReader(
    (messages) => v.parse(v.array(SandboxMessageSchema), messages),
    () => Infinity,
  );
  const bench = new Bench({
    time: quick ? 50 : 500,
    warmupTime: quick ? 10 : 100,
    timestampProvider: "hrtimeNow",
    subtractTimerOverhead: true,
    retainSamples: true,
  })
    .add("event to request line", () => encodeRequest(7, event.hook, new EncodedEvent(event).params()))
    .add("request line to frame", () => encodeFrame([["line", 1, 7, 5_000, line]]))
    .add("frame to checked message", () => {
      reader.push(answers);
    })
    .add("answer line to checked verdict", () => {
      const { result } = v.parse(ResponseSchema, parseJson(ANSWER, DEFAULT_LIMITS.messageBytes));
      return v.parse(VerdictSchema, result);
    });
  const tasks = await bench.run();
  const latencies = tasks.map(({ name, result }) => {
    if (result.state === "completed") return [name, result.latency] as const;
    throw new BenchError("BENCH_WRONG_ANSWER", `${name} was not measured: ${result.state}`);
  });
  const total = latencies.reduce((sum, [, latency]) => sum + latency.p50, 0);
  return latencies.map(([name, latency]) => toMeasurement(name, latency, total));
}

function toMeasurement(subject: string, latency: Statistics, total: number): Measurement {
  return {
    scope: "hooks",
    question: "Hook call: what the parent computes for it",
    subject,
    condition: "one frame each",
    unit: "us",
    ...summarize((latency.samples ?? []).map((ms) => ms * US_PER_MS)),
    ratio: ratio(latency.p50, total, "all steps"),
    aim: null,
  };
}
