import * as v from "valibot";
import type { ResourceView } from "../../../protocol/events.js";
import { StateJsonSchema } from "../../plan-file/plan-schema.js";
import type { StateModule } from "../../plan-file/plan-schema.js";
import { collectMarked } from "../../sensitive/marks.js";
import { redactMetadata, redactValue } from "../../sensitive/redact.js";
import { jsonOf } from "../core/json-output.js";
import { parseAddress } from "../records/address.js";
import type { AddressBook } from "../records/address-book.js";
import { currentState } from "./current-state.js";
import type { StageRun } from "./run.js";

function* resourcesOf(module: StateModule | undefined): Generator<StateModule["resources"][number]> {
  if (module === undefined) return;
  yield* module.resources;
  for (const child of module.child_modules) yield* resourcesOf(child);
}

const NOTHING = new Uint8Array(0);

/** Every object of the state as it is now, as integrations may see it: read by core itself, secrets taken out. */
export async function stateViews(run: StageRun): Promise<readonly ResourceView[]> {
  const bytes = await run.capture("show", "-json", "-no-color");
  const state = v.parse(StateJsonSchema, JSON.parse(jsonOf(bytes).toString("utf8")));
  const resources = [...resourcesOf(state.values?.root_module)];
  const objects = (await currentState(run)).filter(({ deposed }) => deposed === null);
  const known = new Map(objects.map((one) => [one.address, one]));
  for (const { values, sensitive_values } of resources) collectMarked(values, sensitive_values, run.secrets);
  return resources.flatMap((resource) => {
    const { mode } = resource;
    const isShown = (mode === "managed" || mode === "data") && resource.deposed_key === undefined;
    if (!isShown) return [];
    const { value, paths } = redactValue(resource.values, resource.sensitive_values, run.secrets, resource.address);
    return [
      {
        address: resource.address,
        mode,
        type: resource.type,
        name: resource.name,
        index: resource.index,
        module: parseAddress(resource.address)?.module ?? null,
        provider: { source: resource.provider_name, alias: known.get(resource.address)?.provider?.alias ?? null },
        action: "no-op" as const,
        before: value,
        after: value,
        after_unknown: {},
        sensitive: [...paths],
        metadata: redactMetadata(
          run.metadata.open(known.get(resource.address)?.private ?? NOTHING, resource.address).metadata,
          run.secrets,
          resource.address,
        ),
      },
    ];
  });
}

/** Gives results the addresses that only the new state tells. */
export async function rekeyByState(run: StageRun, book: AddressBook): Promise<void> {
  if (!run.judge.isInDoubt) return;
  book.addState(await currentState(run));
  run.judge.rekey((id) => book.ofId(id)?.address);
}
