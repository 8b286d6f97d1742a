import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { IntegrationDeclarationInput } from "../src/declare/declaration.js";
import { keeperOf } from "../src/hosts/sensitive/keeper.js";
import { redactValue } from "../src/hosts/sensitive/redact.js";
import { SecretSet } from "../src/hosts/sensitive/secret-set.js";
import type { AirlockEvent } from "../src/protocol/events.js";
import type { Runtime } from "../src/runtime/types.js";
import { AIMS } from "./aims.js";
import { declarationOf, JS_FORM, PLUG_IN_FORM } from "./forms.js";
import type { Form } from "./forms.js";
import { measureCalls } from "./measure-calls.js";
import type { Measurement, ScopeOptions } from "./measurement.js";
import { RESOURCE_TYPE, resourceEvent } from "./resources.js";
import { checkPassed, startRuntime } from "./runtimes.js";
import { aim, pairedRatio, summarize } from "./statistics.js";
import { temporaryFolder } from "./temporary-folder.js";

const EVENTS = 256;
const PLAN = { concurrency: 16, calls: 500 } as const;
/** Secrets that a run of some size has learnt. */
const SECRETS = 200;
/** The one attribute of each event that is marked as sensitive. */
const SENSITIVE = "subnet_id";
/** Longer than any run of the benchmark. */
const NEVER_MS = 3_600_000;

/**
 * What grants, tokens and health checks add to a hook call: rounds in turn through a runtime with all of them, and
 * through one that was granted nothing, keeps no secrets and pings nobody. The ratio is the median of the pairs.
 */
export async function measureGuards(eventBytes: number, { quick, progress }: ScopeOptions): Promise<Measurement[]> {
  const measurements: Measurement[] = [];
  for (const form of [JS_FORM, PLUG_IN_FORM]) {
    progress(`hook calls: grants, tokens and health checks, ${form.name}`);
    measurements.push(...(await measureForm(form, eventBytes, quick ? 3 : 40)));
  }
  return measurements;
}

async function measureForm(form: Form, eventBytes: number, rounds: number): Promise<Measurement[]> {
  using folder = temporaryFolder();
  writeFileSync(join(folder.path, "prices.json"), "{}");
  const plain = { ...declarationOf(form), grants: {} };
  await using bare = await startRuntime({ integrations: [plain], parallelism: 1, health: { idlePingMs: NEVER_MS } });
  await using guarded = await startRuntime({ integrations: [withGrants(form)], parallelism: 1 });
  const secrets = new SecretSet();
  for (let index = 0; index < SECRETS; index += 1) secrets.add(`secret-${index}-of-the-run`);
  guarded.keep(keeperOf(secrets));
  const events = Array.from({ length: EVENTS }, (_, index) => resourceEvent(index, eventBytes));
  const once = async (runtime: Runtime, shown: (event: AirlockEvent) => AirlockEvent): Promise<number> => {
    const { perCallUs } = await measureCalls(async (index) => {
      const event = events[index % EVENTS];
      if (event !== undefined) checkPassed(await runtime.dispatch(shown(event)));
    }, PLAN);
    return perCallUs;
  };
  const without = () => once(bare, (event) => event);
  const within = () => once(guarded, (event) => tokenized(event, secrets));
  // Both are warm before anything counts, and each comes first in half of the pairs.
  await without();
  await within();
  const pairs: (readonly [number, number])[] = [];
  for (let at = 0; at < rounds; at += 1) {
    if (at % 2 === 0) pairs.push([await without(), await within()]);
    else pairs.push(reversed([await within(), await without()]));
  }
  return rows(form, pairs);
}

function reversed([first, second]: readonly [number, number]): readonly [number, number] {
  return [second, first];
}

function withGrants(form: Form): IntegrationDeclarationInput {
  const grants = {
    hosts: ["prices.example.com:443"],
    env: ["PATH"],
    files: ["./prices.json"],
    clock: true,
    random: true,
    sensitive: [`${RESOURCE_TYPE}.${SENSITIVE}`],
  };
  return { ...declarationOf(form), grants };
}

/** The event as a host gives it: what is marked, and copies of secrets, are tokens. */
function tokenized(event: AirlockEvent, secrets: SecretSet): AirlockEvent {
  if (event.hook !== "post-plan-resource") return event;
  const { after, address } = event.params;
  const { value, paths } = redactValue(after, { [SENSITIVE]: true }, secrets, address ?? "");
  return { ...event, params: { ...event.params, after: value, sensitive: paths.map((path) => [...path]) } };
}

function rows({ name }: Form, pairs: readonly (readonly [number, number])[]): Measurement[] {
  const about = {
    scope: "hooks",
    question: "Hook call: with grants, tokens and health checks (time per call)",
    unit: "us",
    condition: `${PLAN.concurrency} under way`,
  } as const;
  const base = summarize(pairs.map(([without]) => without));
  const ratio = pairedRatio(
    pairs.map(([without, within]) => within / without),
    "without, median of pairs",
  );
  return [
    { ...about, subject: `${name}, without`, ...base, ratio: null, aim: null },
    {
      ...about,
      subject: `${name}, with all of them`,
      ...summarize(pairs.map(([, within]) => within)),
      ratio,
      aim: aim(ratio.value, AIMS.guardsRatio, "ratio"),
    },
  ];
}
