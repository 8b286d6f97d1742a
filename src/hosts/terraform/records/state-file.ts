import * as v from "valibot";
import { PathSchema } from "../../../protocol/events.js";
import type { Path } from "../../../protocol/events.js";
import { overBounds } from "../../../protocol/json.js";
import { formatAddress } from "./address.js";
import { parseProviderAddress } from "./provider-address.js";
import type { ProviderConfigAddress } from "./provider-address.js";
import { RecordsError } from "./records-error.js";

/** A larger state is not read; V8 has no longer strings. In bytes. */
const MAX_STATE_BYTES = 512 * 1024 ** 2 - 32;

/** Levels of a state: those of a provider's value, which are 100 at most, and of what stands around it. */
const MAX_STATE_DEPTH = 200;

/** One object of a state. */
export interface StateObject {
  readonly address: string;
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly provider: ProviderConfigAddress | null;
  /** The key of a deposed object; null for the current one. */
  readonly deposed: string | null;
  /** The attributes as the state has them: the value's JSON. */
  readonly attributes: unknown;
  readonly private: Uint8Array;
  /** Core will replace it, because it could not be made whole or a user said so. */
  readonly tainted: boolean;
  /** Places that the configuration made sensitive, and in newer cores those that the schema does. */
  readonly sensitive: readonly Path[];
}

/** An instance without a status is whole. */
const TAINTED = "tainted";

const StepSchema = v.object({ type: v.string(), value: v.unknown() });

const InstanceSchema = v.object({
  index_key: v.nullish(v.union([v.string(), v.number()]), null),
  status: v.nullish(v.string(), ""),
  deposed: v.nullish(v.string(), null),
  attributes: v.nullish(v.unknown(), null),
  sensitive_attributes: v.nullish(v.array(v.array(StepSchema)), []),
  private: v.nullish(v.string(), ""),
});

/** The state's format 4, as far as it is used (OpenTofu, `internal/states/statefile/version4.go`). */
const StateSchema = v.object({
  version: v.literal(4),
  resources: v.nullish(
    v.array(
      v.object({
        module: v.nullish(v.string(), null),
        mode: v.string(),
        type: v.string(),
        name: v.string(),
        provider: v.nullish(v.string(), ""),
        instances: v.nullish(v.array(InstanceSchema), []),
      }),
    ),
    [],
  ),
});

/** A step that is no plain name or key ends the path: more is then taken for sensitive. */
function toPath(steps: readonly v.InferOutput<typeof StepSchema>[]): Path {
  const path: Path = [];
  for (const { value } of steps) {
    const key = typeof value === "object" && value !== null && "value" in value ? value.value : value;
    const step = v.safeParse(PathSchema, [key]);
    if (!step.success) return path;
    path.push(...step.output);
  }
  return path;
}

/** Errors of V8 and of schemas are not passed on: they quote the text, and a state holds secrets. */
function parseState(text: string): v.InferOutput<typeof StateSchema> {
  if (overBounds(text, MAX_STATE_DEPTH, Infinity) !== null) {
    throw new Error(`it nests deeper than ${MAX_STATE_DEPTH} levels`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Error("it is not JSON");
  }
  const state = v.safeParse(StateSchema, json, { abortEarly: true });
  if (state.success) return state.output;
  throw new Error(`it is not in the form that is known, at ${v.getDotPath(state.issues[0]) ?? "its root"}`);
}

/** The objects of a state as core writes it. Throws `RecordsError` RECORDS_STATE. */
export function readState(bytes: Uint8Array, maxBytes = MAX_STATE_BYTES): readonly StateObject[] {
  if (bytes.length === 0) return [];
  try {
    if (bytes.length > maxBytes) throw new Error(`it holds ${bytes.length} bytes, at most ${maxBytes}`);
    const state = parseState(Buffer.from(bytes).toString("utf8"));
    return state.resources.flatMap(({ module, mode, type, name, provider, instances }) => {
      if (mode !== "managed" && mode !== "data") return [];
      return instances.map((one) => ({
        address: formatAddress({ module, mode, type, name, index: one.index_key }),
        mode,
        type,
        provider: parseProviderAddress(provider),
        deposed: one.deposed,
        attributes: one.attributes,
        private: Buffer.from(one.private, "base64"),
        tainted: one.status === TAINTED,
        sensitive: one.sensitive_attributes.map(toPath),
      }));
    });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : "unknown reason";
    throw new RecordsError("RECORDS_STATE", `the state cannot be read: ${reason}`, {
      cause,
      remedy: "See whether core can: state pull.",
    });
  }
}
