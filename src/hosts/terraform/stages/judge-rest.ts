import type { ResourceParams } from "../../../protocol/events.js";
import type { ResourceHook } from "../../../protocol/hooks.js";
import { WHOLE_PROJECT } from "../../../runtime/groups.js";
import type { EventOutcome, IntegrationResult } from "../../../runtime/types.js";
import type { PlannedResource } from "../../plan-file/planned-resource.js";
import type { PlanView } from "../../plan-file/plan-view.js";
import type { Attached } from "../metadata/run-metadata.js";
import { parseAddress } from "../records/address.js";
import { idIn } from "../records/object-id.js";
import type { PlanArchive, PlannedChange } from "../records/plan-archive.js";
import { parseProviderAddress } from "../records/provider-address.js";
import { aliasesIn } from "./plan-aliases.js";
import type { StageRun } from "./run.js";

/** The provider of resources that live inside core, such as `terraform_data`: it is never a process. */
export const IN_CORE = "terraform.io/builtin/terraform";

const NOTHING = new Uint8Array(0);

const HOOKS = [
  ["pre-plan-resource", "pre"],
  ["post-plan-resource", "post"],
] as const;

/** The audience of a resource: the project, and the guests of its provider configuration. */
export function audienceOf(run: StageRun, source: string, alias: string | null) {
  return { project: true, provider: run.joined.of(source, alias) };
}

function isWanted(run: StageRun, { address, provider }: PlannedChange): boolean {
  const parts = parseAddress(address);
  const config = parseProviderAddress(provider);
  if (parts?.mode !== "managed" || config === null) return false;
  const audience = audienceOf(run, config.source, config.alias);
  return HOOKS.some(([hook]) => run.judge.runtime.wants(hook, parts.type, audience));
}

/** One object of a plan: a deposed one has the address of the current one. */
function objectKey(address: string, deposed = ""): string {
  return `${deposed} ${address}`;
}

/** The objects in the plan that no provider call was judged for. */
function restOf(run: StageRun, { changes }: PlanArchive): ReadonlySet<string> {
  const rest = changes.filter((change) => {
    const id = idIn(change.private);
    const isJudged = id !== null && run.judge.hasAsked("post-plan-resource", id);
    return !isJudged && isWanted(run, change);
  });
  return new Set(rest.map(({ address, deposed }) => objectKey(address, deposed)));
}

/**
 * Fires the plan hooks of what core planned without asking a provider: resources inside core, and deletions by
 * providers that are not asked about them. From the plan's JSON, before anything can be applied.
 */
export async function judgeRest(
  run: StageRun,
  archive: PlanArchive | null,
  view: () => Promise<PlanView>,
): Promise<readonly IntegrationResult[]> {
  const rest = archive === null ? null : restOf(run, archive);
  if (rest?.size === 0 || (rest === null && !isAnyoneAsked(run))) return [];
  const { managed } = await view();
  // An encrypted plan does not tell what was judged already: rather twice than not at all.
  const resources = managed.filter(({ address, action, change }) =>
    rest === null
      ? change.provider_name === IN_CORE || action === "delete"
      : rest.has(objectKey(address, change.deposed)),
  );
  const results: IntegrationResult[] = [];
  const place = aliasesIn(archive);
  const privates = new Map((archive?.changes ?? []).map((one) => [objectKey(one.address, one.deposed), one.private]));
  for (const resource of resources) {
    if (!run.judge.takeUnmarked(resource.type, resource.change.change.after)) {
      const before = privates.get(objectKey(resource.address, resource.change.deposed)) ?? NOTHING;
      results.push(
        ...(await judgeOne(run, resource, { place, attached: run.metadata.open(before, resource.address) })),
      );
    }
  }
  return results;
}

/** Whether anyone wants these hooks, under whichever provider. */
function isAnyoneAsked({ judge, joined }: StageRun): boolean {
  const groups = joined.groups.map(({ provider }) => ({ project: false, provider }));
  return HOOKS.some(([hook]) => [WHOLE_PROJECT, ...groups].some((one) => judge.runtime.wants(hook, undefined, one)));
}

/** Puts an event that no call of a provider is about before integrations, and keeps what they attach. */
export async function askOfStored(
  run: StageRun,
  { hook, params }: { readonly hook: ResourceHook; readonly params: ResourceParams },
  attached: Attached,
): Promise<EventOutcome> {
  const audience = audienceOf(run, params.provider.source, params.provider.alias);
  const outcome = await run.judge.ask({ hook, params, stored: attached.info }, audience);
  attached.take(outcome.results);
  if (attached.isChanged && params.address !== null) run.metadata.keep(params.address, attached.stored);
  return outcome;
}

async function judgeOne(
  run: StageRun,
  resource: PlannedResource,
  { place, attached }: { readonly place: (params: ResourceParams) => ResourceParams; readonly attached: Attached },
): Promise<IntegrationResult[]> {
  const results: IntegrationResult[] = [];
  for (const [hook, moment] of HOOKS) {
    const params = place(resource.params(run.run, moment, attached.metadata));
    const outcome = await askOfStored(run, { hook, params }, attached);
    results.push(...outcome.results);
    if (outcome.verdict === "fail" || outcome.verdict === "error") break;
  }
  return results;
}
