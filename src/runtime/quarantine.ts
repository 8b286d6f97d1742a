import { GuestError } from "../../runtimes/guest-error.js";
import type { AirlockEvent } from "../protocol/events.js";
import { isResourceEvent } from "../protocol/events.js";
import { RuntimeError } from "./runtime-error.js";

/** An event that ended a guest so often is not sent to that integration any more. */
const MAX_KILLS = 2;
/** Events that are remembered; the oldest are forgotten. */
const MAX_REMEMBERED = 10_000;

/** The events of one integration that ended its guests, by hook and address, over the whole run. */
export class Quarantine {
  readonly #kills = new Map<string, number>();

  /** Throws RUNTIME_QUARANTINED for an event that is not to be sent again. */
  check(event: AirlockEvent): void {
    if (this.#kills.size === 0) return;
    const kills = this.#kills.get(keyOf(event) ?? "") ?? 0;
    if (kills >= MAX_KILLS) throw quarantined(null);
  }

  /** Takes how a call of this event failed; gives what it is to be reported as. */
  failed(event: AirlockEvent, error: unknown): unknown {
    const named = error instanceof RuntimeError && error.code === "RUNTIME_QUARANTINED";
    const key = keyOf(event);
    if (key === null || !(named || endedIn(error))) return error;
    const kills = named ? MAX_KILLS : (this.#kills.get(key) ?? 0) + 1;
    this.#kills.delete(key);
    this.#kills.set(key, kills);
    if (this.#kills.size > MAX_REMEMBERED) {
      for (const oldest of this.#kills.keys()) {
        this.#kills.delete(oldest);
        break;
      }
    }
    return kills >= MAX_KILLS && error instanceof GuestError ? quarantined(error) : error;
  }
}

/** The error of an event that ended its guest again; null = of one that is not sent any more for that. */
export function quarantined(again: GuestError | null): RuntimeError {
  const message =
    again === null
      ? "it was not asked about this event, which ended its guest twice before"
      : `this event ended its guest again: ${again.message}`;
  return new RuntimeError("RUNTIME_QUARANTINED", message, {
    ...(again !== null && { cause: again }),
    remedy: "Mend the integration; it is not asked about this event any more in this run.",
  });
}

/** Whether the guest ended in this very call. */
function endedIn(error: unknown): boolean {
  return (
    error instanceof GuestError && error.gone && error.code !== "GUEST_GONE" && error.code !== "GUEST_SANDBOX_DIED"
  );
}

/** What tells one event from others; null for a resource whose address is not known yet. */
function keyOf(event: AirlockEvent): string | null {
  if (isResourceEvent(event)) return event.params.address === null ? null : `${event.hook} ${event.params.address}`;
  if (!("provider" in event.params)) return event.hook;
  const { source, alias } = event.params.provider;
  return `${event.hook} ${source} ${alias ?? ""}`;
}
