import { existsSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import * as v from "valibot";
import type { Hook } from "../../../src/protocol/hooks.js";
import type { Finding, Status } from "../../../src/protocol/verdict.js";
import type { Workspace } from "./workspace.js";

/** A package with an integration that writes all that it is told into a file. */
export const RECORDER = resolve("test/support/live/recorder");

/** What the recorder answers to an event. */
export interface Rule {
  readonly hook: Hook;
  /** Only for an object whose attribute `name` has this value. */
  readonly name?: string;
  readonly action?: string;
  readonly status?: Status;
  readonly message?: string;
  readonly findings?: readonly Finding[];
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** It ends, or never answers. */
  readonly does?: "exit" | "hang";
}

export interface RecorderOptions {
  readonly name?: string;
  /** The hooks that it asks for; all when left out. */
  readonly hooks?: readonly Hook[];
  readonly resourceTypes?: readonly string[];
  readonly say?: readonly Rule[];
  /** Further arguments of the block, as HCL. */
  readonly body?: string;
  /** Further values of its config, as HCL. */
  readonly config?: string;
}

/** Where the recorders of a workspace write. */
export function recordFile(space: Workspace): string {
  return join(space.temporary, "..", "recorded.jsonl");
}

/** An `integration` block that declares a recorder: HCL takes JSON's values as they are. */
export function recorder(space: Workspace, options: RecorderOptions = {}): string {
  const { name = "recorder", hooks, resourceTypes, say, body = "", config = "" } = options;
  const entries = { file: recordFile(space), hooks, resource_types: resourceTypes, say };
  const lines = Object.entries(entries).flatMap(([key, value]) =>
    value === undefined ? [] : [`    ${key} = ${JSON.stringify(value)}`],
  );
  return `integration "${name}" {
  source    = ${JSON.stringify(RECORDER)}
  isolation = "none"
  ${body}
  config = {
${lines.join("\n")}
    ${config}
  }
}
`;
}

const RecordSchema = v.object({
  who: v.object({ name: v.string(), scope: v.picklist(["project", "provider"]), provider: v.optional(v.string()) }),
  method: v.string(),
  params: v.looseObject({
    address: v.optional(v.nullable(v.string())),
    address_candidates: v.optional(v.array(v.string())),
    action: v.optional(v.string()),
    type: v.optional(v.string()),
    run: v.optional(v.object({ id: v.string(), command: v.string(), workspace: v.string() })),
    provider: v.optional(v.object({ source: v.string(), alias: v.nullable(v.string()) })),
    resources: v.optional(v.array(v.looseObject({ address: v.string(), action: v.string() }))),
  }),
});

/** One message that a recorder got. */
export type Recorded = v.InferOutput<typeof RecordSchema>;

/** All that the recorders of a workspace were told, in order; it is empty again afterwards. */
export function takeRecorded(space: Workspace): readonly Recorded[] {
  const file = recordFile(space);
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n").slice(0, -1);
  rmSync(file);
  return lines.map((line) => v.parse(RecordSchema, JSON.parse(line)));
}

/** The events among them: not `initialize`, not `shutdown`. */
export function takeEvents(space: Workspace): readonly Recorded[] {
  return takeRecorded(space).filter(({ params }) => params.run !== undefined);
}
