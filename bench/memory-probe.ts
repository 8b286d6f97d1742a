import { once } from "node:events";
import process from "node:process";
import { setImmediate } from "node:timers/promises";
import * as v from "valibot";
import { FORMS, declarationsOf } from "./forms.js";
import { childrenOf, processes } from "./processes.js";
import { resourceEvent } from "./resources.js";
import { checkPassed, startRuntime } from "./runtimes.js";

/** Enough calls that every guest has its working set. */
const CALLS = 50;
const EVENT_BYTES = 1_024;

/** What is asked of a probe: how much memory so many integrations of one form take, one instance each. */
export const ProbeRequestSchema = v.object({ form: v.string(), count: v.number() });
export type ProbeRequest = v.InferOutput<typeof ProbeRequestSchema>;

/** Resident bytes of the process that holds the runtime, and of all its children together. */
export const ProbeAnswerSchema = v.object({ parentBytes: v.number(), childrenBytes: v.number() });
export type ProbeAnswer = v.InferOutput<typeof ProbeAnswerSchema>;

/** Measures in this process, so it should have done nothing else before. */
export async function probeMemory({ form: name, count }: ProbeRequest): Promise<ProbeAnswer> {
  const form = FORMS.find((one) => one.name === name);
  if (form === undefined) throw new Error(`there is no form ${name}`);
  await using runtime = await startRuntime({ integrations: declarationsOf(form, count), parallelism: 1 });
  for (let call = 0; call < CALLS; call++) checkPassed(await runtime.dispatch(resourceEvent(call, EVENT_BYTES)));
  globalThis.gc?.();
  await setImmediate();
  const own = processes().find(({ pid }) => pid === process.pid);
  const children = childrenOf(process.pid);
  return {
    parentBytes: own?.residentBytes ?? process.memoryUsage.rss(),
    childrenBytes: children.reduce((sum, { residentBytes }) => sum + residentBytes, 0),
  };
}

/** Serves one request of the process that forked this one. */
async function serve(): Promise<void> {
  const message: readonly unknown[] = await once(process, "message");
  const answer = await probeMemory(v.parse(ProbeRequestSchema, message[0]));
  process.send?.(answer);
  process.disconnect();
}

if (process.send !== undefined && process.argv[1] === import.meta.filename) await serve();
