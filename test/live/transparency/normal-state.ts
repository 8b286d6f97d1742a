import * as v from "valibot";

/** How often core wrote, at the top of a state's text: with several objects at once now once more, now once less. */
export const SERIAL = /^( {2}"serial": )\d+/m;
const OUR_KEY = "airlock";

const Text = v.pipe(v.string(), v.parseJson());
const Stored = v.object({ lineage: v.string() });
const Envelope = v.strictObject({
  v: v.literal(1),
  was: v.picklist(["empty", "null", "object"]),
  entry: v.looseObject({ id: v.string() }),
});

export interface NormalState {
  /** The file's text, with the lineage (core draws it by lot), the serial and our entries taken out; all else in its place. */
  readonly text: string;
  readonly lineage: string;
  /** How many objects have an entry of ours. */
  readonly entries: number;
}

/** Reads a state file, and takes out of it what is ours. */
export function normalState(text: string): NormalState {
  let entries = 0;
  const state = JSON.parse(text, (key: string, value: unknown) => {
    // Core writes them in the order of a map of Go, which is another one each time.
    if (key === "check_results" && Array.isArray(value)) return value.map((one) => JSON.stringify(one)).sort();
    // Now and then core leaves the name of something that was not made, without an instance.
    if (key === "resources" && Array.isArray(value)) return value.filter(hasInstances) as unknown;
    if (key !== "private" || typeof value !== "string") return value;
    const own = withoutEntry(value);
    if (own === null) return value;
    entries += 1;
    // Core leaves out what is empty.
    return own === "" ? undefined : own;
  }) as unknown;
  const { lineage } = v.parse(Stored, state);
  const shown = JSON.stringify(state, null, 2).replaceAll(lineage, "LINEAGE").replace(SERIAL, '$1"SERIAL"');
  return { text: shown, lineage, entries };
}

function hasInstances(resource: unknown): boolean {
  return !v.is(v.object({ instances: v.strictTuple([]) }), resource);
}

/** Private bytes in base64 as they were before our entry came in; null where there is none. */
function withoutEntry(base64: string): string | null {
  const bytes = Buffer.from(base64, "base64").toString("utf8");
  const object = v.safeParse(v.pipe(Text, v.record(v.string(), v.unknown())), bytes);
  const value = object.success ? object.output[OUR_KEY] : undefined;
  if (!object.success || typeof value !== "string") return null;
  const { was } = v.parse(v.pipe(Text, Envelope), Buffer.from(value, "base64").toString("utf8"));
  const rest = Object.entries(object.output).filter(([name]) => name !== OUR_KEY);
  if (rest.length === 0 && was === "empty") return "";
  const own = rest.length === 0 && was === "null" ? "null" : JSON.stringify(Object.fromEntries(rest));
  return Buffer.from(own).toString("base64");
}
