import type { Action } from "../../protocol/events.js";

/**
 * The plan JSON's list of actions as one word (https://developer.hashicorp.com/terraform/internals/json-format).
 * `forget` takes an object out of the state and leaves it as it is, so it counts as no action: alone it is `no-op`, and
 * beside a `create` it is that `create`. null for a list that no known core writes.
 */
export function toAction(actions: readonly string[]): Action | null {
  const effective = actions.filter((action) => action !== "forget");
  switch (effective.join(" ")) {
    case "":
      return actions.length === 0 ? null : "no-op";
    case "no-op":
      return "no-op";
    case "create":
      return "create";
    case "read":
      return "read";
    case "update":
      return "update";
    case "delete":
      return "delete";
    case "delete create":
    case "create delete":
      return "replace";
    default:
      return null;
  }
}
