import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";

const METHODS = [
  "validate-provider",
  "configure",
  "validate",
  "validate-data",
  "plan",
  "create",
  "update",
  "delete",
  "read",
  "read-data",
  "import",
  "stop",
] as const;

const ProviderCallSchema = v.strictObject({
  /** RFC 3339, UTC. */
  time: v.string(),
  method: v.picklist(METHODS),
  /** Resource or data source type; empty where the call has none. */
  type: v.string(),
  /** Id of the object; empty while it has none. */
  id: v.string(),
  /** Value of the attribute `name`; empty where it is unknown or not told. */
  name: v.string(),
  /** Region of the configured provider; empty before it is configured. */
  region: v.string(),
  /** Process id of the provider. */
  pid: v.number(),
  protocol: v.picklist([5, 6]),
});

/** One call that a mockcloud process received, written before it did anything else. */
export type ProviderCall = v.InferOutput<typeof ProviderCallSchema>;

/** The calls logged in a folder of mockcloud, oldest first. */
export function mockcloudLog(folder: string): readonly ProviderCall[] {
  const file = join(folder, "log.jsonl");
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n").slice(0, -1);
  return lines.map((line) => v.parse(ProviderCallSchema, JSON.parse(line)));
}
