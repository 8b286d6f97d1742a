/** Hooks of one resource instance (managed). */
export const RESOURCE_HOOKS = [
  "pre-plan-resource",
  "post-plan-resource",
  "pre-apply-resource",
  "post-apply-resource",
  "pre-refresh-resource",
  "post-refresh-resource",
  "validate-resource",
] as const;

/** Hooks of one data source instance. */
export const DATA_HOOKS = ["pre-read-data", "post-read-data"] as const;

/** Hooks of a whole stage. */
export const STAGE_HOOKS = [
  "init-stage-start",
  "init-stage-complete",
  "plan-stage-start",
  "plan-stage-complete",
  "apply-stage-start",
  "apply-stage-complete",
  "refresh-stage-complete",
] as const;

/** Hooks of one provider configuration. */
export const PROVIDER_HOOKS = ["pre-configure-provider"] as const;

/** Every named point at which integrations are called; each is a JSON-RPC method. */
export const HOOKS = [...RESOURCE_HOOKS, ...DATA_HOOKS, ...STAGE_HOOKS, ...PROVIDER_HOOKS] as const;

export type ResourceHook = (typeof RESOURCE_HOOKS)[number] | (typeof DATA_HOOKS)[number];
export type StageHook = (typeof STAGE_HOOKS)[number];
export type ProviderHook = (typeof PROVIDER_HOOKS)[number];
export type Hook = (typeof HOOKS)[number];

const KNOWN: ReadonlySet<string> = new Set(HOOKS);

/** Whether there is a hook of this name. */
export function isHook(name: string): name is Hook {
  return KNOWN.has(name);
}

/** A failing `pre-` hook stops the later levels of the order; a failing `post-` hook does not. */
export function isPreHook(hook: Hook): boolean {
  return hook.startsWith("pre-");
}
