import type { CoreArguments } from "./core-arguments.js";
import { CoreError } from "./core-error.js";
import { isAtLeast } from "./identity.js";
import type { CoreIdentity } from "./identity.js";
import { PLAN_ONLY_FLAGS } from "./known-flags.js";

/** Flags that only make a plan; the apply of a saved plan refuses them, or would ignore them. */
const PLANNING: ReadonlySet<string> = new Set([
  ...["allow-deferral", "destroy", "exclude", "exclude-file", "refresh", "refresh-only", "replace", "target"],
  "target-file",
]);
/** Flags that only an apply has. */
const APPLYING: ReadonlySet<string> = new Set(["auto-approve", "suppress-forget-errors"]);
const VARIABLES: ReadonlySet<string> = new Set(["var", "var-file"]);

export interface SplitApply {
  /** `plan` with all that shapes the plan; `-out` is for the caller to add. */
  readonly plan: CoreArguments;
  /** `apply` with what a saved plan may be applied with; the plan file is for the caller to add. */
  readonly apply: CoreArguments;
}

/**
 * Divides an `apply` or `destroy` without plan file into a `plan` and the `apply` of what that saved. Flags that core
 * does not know go to `plan`, which says what is wrong. Throws `CoreError` CORE_ARGUMENTS for a flag that `plan` would
 * take but `apply` refuses.
 */
export function splitApply(args: CoreArguments, core: CoreIdentity): SplitApply {
  const refused = PLAN_ONLY_FLAGS.find((name) => args.has(name));
  if (refused !== undefined) {
    throw new CoreError("CORE_ARGUMENTS", `${args.command} has no flag -${refused}`, {
      remedy: "Leave it out, or use it with plan.",
    });
  }
  const plan = args.filter(({ name }) => !APPLYING.has(name)).withCommand("plan");
  const variables = takesVariables(core);
  const apply = args
    .filter(({ name, unknown }) => !unknown && !PLANNING.has(name) && (variables || !VARIABLES.has(name)))
    .without("auto-approve")
    .withCommand("apply");
  const isDestroy = args.command === "destroy" && !args.bool("destroy");
  return { plan: isDestroy ? plan.with("-destroy") : plan, apply };
}

/**
 * Whether variables may be given with a saved plan, which older ones refuse. They must be given where ephemeral ones or
 * those of state encryption are needed again (https://github.com/opentofu/opentofu/pull/1998, Terraform 1.10).
 */
function takesVariables(core: CoreIdentity): boolean {
  return core.name === "tofu" ? isAtLeast(core, 1, 9) : isAtLeast(core, 1, 10);
}
