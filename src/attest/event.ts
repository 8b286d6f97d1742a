import type { AirlockEvent } from "../protocol/events.js";
import { HOOK } from "./guests/form.js";

/** What the neighbour has stored with every resource. */
export const KEPT = { kept: "by the neighbour" };
/** The neighbour's name. */
export const NEIGHBOUR = "neighbour";

/** An event of a resource of this type. */
export function attackEvent(type: string): AirlockEvent {
  return {
    hook: HOOK,
    params: {
      run: { id: "attest", command: "attest", workspace: "default" },
      address: `${type}.sample`,
      mode: "managed",
      type,
      name: "sample",
      index: null,
      module: null,
      provider: { source: "registry.opentofu.org/hashicorp/null", alias: null },
      action: "create",
      before: null,
      after: { size: 1 },
      after_unknown: {},
      config: null,
      sensitive: [],
      metadata: { [NEIGHBOUR]: KEPT },
    },
  };
}
