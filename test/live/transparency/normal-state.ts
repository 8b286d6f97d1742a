import * as v from "valibot";

/** How often core wrote, at the top of a state's text: with several objects at once now once more, now once less. */
export const SERIAL = /^( {2}"serial": )\d+/m;

const Stored = v.object({ lineage: v.string() });
export interface NormalState {
  /** The file's text, with the lineage (core draws it by lot) and the serial taken out; all else in its place. */
  readonly text: string;
  readonly lineage: string;
}

/** Reads a state file. */
export function normalState(text: string): NormalState {
  const state = JSON.parse(text, (key: string, value: unknown) => {
    // Core writes them in the order of a map of Go, which is another one each time.
    if (key === "check_results" && Array.isArray(value)) return value.map((one) => JSON.stringify(one)).sort();
    // Now and then core leaves the name of something that was not made, without an instance.
    if (key === "resources" && Array.isArray(value)) return value.filter(hasInstances) as unknown;
    return value;
  }) as unknown;
  const { lineage } = v.parse(Stored, state);
  const shown = JSON.stringify(state, null, 2).replaceAll(lineage, "LINEAGE").replace(SERIAL, '$1"SERIAL"');
  return { text: shown, lineage };
}

function hasInstances(resource: unknown): boolean {
  return !v.is(v.object({ instances: v.strictTuple([]) }), resource);
}
