import { idIn } from "../../records/object-id.js";
import type { Located } from "../../records/address-book.js";
import type { PlanRequest } from "../../tfplugin/calls.js";
import type { PlanValue } from "../../tfplugin/plan-value.js";
import type { ProviderSession } from "../session.js";

/** What planning one object needs to remember between request and response, and between the halves of a replacement. */
export interface Planning {
  readonly id: string;
  readonly located: Located;
  readonly before: PlanValue | null;
  /** Core will replace it, and plans it as if it were new. */
  readonly isTainted: boolean;
}

/** First halves of replacements, by what core hands to the second half. */
const HALVES = new WeakMap<ProviderSession, Map<string, readonly Planning[]>>();

function halvesOf(session: ProviderSession): Map<string, readonly Planning[]> {
  const known = HALVES.get(session) ?? new Map<string, readonly Planning[]>();
  HALVES.set(session, known);
  return known;
}

/**
 * The key of a first half. Core hands its private bytes to the second half: the id in them, or, where they take none,
 * those bytes with type and configuration. Undefined where nothing is handed on.
 */
function keyOf({ typeName, config }: PlanRequest, privateBytes: Uint8Array): string | undefined {
  const id = idIn(privateBytes);
  if (id !== null) return id;
  if (privateBytes.length === 0 || config === null) return undefined;
  return [typeName, ...[privateBytes, config].map((bytes) => Buffer.from(bytes).toString("base64"))].join(" ");
}

/** What is known of a second half that can belong to any of these first ones. */
function oneOf([first, ...others]: readonly [Planning, ...Planning[]]): Planning {
  if (others.length === 0) return first;
  const all = [first, ...others].flatMap(({ located: { address, candidates } }) =>
    address === null ? candidates : [address],
  );
  const located = { address: null, candidates: [...new Set(all)], alias: first.located.alias };
  return { ...first, located, before: null };
}

/** Keeps what the first half of a replacement may leave to a second; `privateBytes` as core will hand them on. */
export function leaveHalf(
  session: ProviderSession,
  planning: Planning,
  request: PlanRequest,
  privateBytes: Uint8Array,
): void {
  const key = keyOf(request, privateBytes);
  if (key === undefined) return;
  const halves = halvesOf(session);
  halves.set(key, [...(halves.get(key) ?? []), planning]);
}

/** What a first half left for this call; undefined when it is no second half. */
export function takeHalf(session: ProviderSession, request: PlanRequest): Planning | undefined {
  const halves = halvesOf(session);
  const key = keyOf(request, request.priorPrivate);
  const [first, ...others] = (key === undefined ? undefined : halves.get(key)) ?? [];
  if (key === undefined || first === undefined) return undefined;
  // Of several that look the same, none is known to be the one.
  if (others.length === 0) halves.delete(key);
  return oneOf([first, ...others]);
}
