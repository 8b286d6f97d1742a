import type { SandboxedSpec } from "../runtimes/guest.js";
import { NO_GRANTS } from "../src/protocol/grants.js";
import { DEFAULT_LIMITS } from "../src/protocol/limits.js";
import { Sandbox } from "../src/sandbox/sandbox.js";
import { conversation } from "./conversation.js";
import { JS_FORM, findForm } from "./forms.js";
import { measureRounds } from "./measure-calls.js";
import type { Measurement, ScopeOptions } from "./measurement.js";
import { ratio, summarize } from "./statistics.js";

const CONCURRENCIES = [1, 16, 64] as const;
const CALLS = 500;

/** What the way to the guest and back takes without the runtime: a js guest in the sandbox, spoken to in lines. */
export async function measureLayers(eventBytes: number, { quick }: ScopeOptions): Promise<readonly Measurement[]> {
  const found = await findForm(JS_FORM);
  if (typeof found === "string" || found.code === null) return [];
  const echo = new TextEncoder().encode(ECHO);
  return [
    ...(await measureGuest("js", found.code, eventBytes, quick)),
    ...(await measureGuest("js that answers at once", echo, eventBytes, quick)),
  ];
}

/** Nothing but the way: the shortest verdict without a look at the event. */
const ECHO = `export function handle() { return '{"jsonrpc":"2.0","id":1,"result":{"status":"success"}}'; }`;

async function measureGuest(
  subject: string,
  code: Uint8Array,
  eventBytes: number,
  quick: boolean,
): Promise<readonly Measurement[]> {
  const spec: SandboxedSpec = { kind: "js", name: "layers", code, limits: DEFAULT_LIMITS, grants: NO_GRANTS };
  await using sandbox = new Sandbox();
  const guest = await sandbox.open(sandbox.addPool(spec, 1), { log: () => undefined });
  const { initialize, calls } = conversation(CALLS, eventBytes);
  await guest.exchange(initialize);
  const measurements: Measurement[] = [];
  let base: number | null = null;
  for (const concurrency of CONCURRENCIES) {
    const { perCallUs } = await measureRounds(
      (index) => guest.exchange(calls[index] ?? ""),
      { concurrency, calls: CALLS },
      quick ? 3 : 20,
    );
    const summary = summarize(perCallUs);
    measurements.push({
      scope: "hooks",
      question: "Hook call: the sandbox without the runtime (time per call)",
      subject,
      condition: `${concurrency} under way`,
      unit: "us",
      ...summary,
      ratio: ratio(summary.median, base, "1 under way"),
      aim: null,
    });
    base ??= summary.median;
  }
  return measurements;
}
