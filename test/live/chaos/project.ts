import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { withMockcloud } from "../../support/live/mockcloud.js";
import { readState, workspace } from "../../support/live/workspace.js";
import type { Workspace } from "../../support/live/workspace.js";
import { misbehaving } from "../../support/misbehaving.js";
import { jsGuest, mayRun, programGuest } from "../faults/guests.js";

export const RESOURCES = 50;
/** The integrations of the project: one in each kind of place, and one that hangs where it is told to. */
export const INTEGRATIONS = ["js", "wasm", "program", "hanging"] as const;

/** What becomes of a broken integration in a round. */
export type OnError = "warn" | "fail";

const HANGS = `if (globalThis.config.over.includes(params.name + "/" + params.index + "/" + method)) for (;;);
return { status: "success" };`;

/** The guests, for one round; `hangs` are NAME/INDEX/HOOK. */
function declarations(wasm: string, onError: OnError, hangs: readonly string[]): string {
  const block = (name: string, source: string, more = ""): string =>
    `integration "${name}" {\n  source = "${source}"\n  on_error = "${onError}"\n  ${more}\n}\n`;
  const config = `config = { over = ${JSON.stringify(hangs)} }\n  timeout = "1s"`;
  return [
    block("js", "./guest.js"),
    block("wasm", wasm),
    block("program", "./guest"),
    block("hanging", "./hanging.js", config),
  ].join("");
}

/** A project of 50 mockcloud resources that takes some hundred milliseconds to apply. */
export async function chaosProject(): Promise<{
  readonly space: Workspace;
  readonly declare: (onError: OnError, hangs: readonly string[]) => void;
}> {
  const body = `resource "mockcloud_instance" "x" {\n  count = ${RESOURCES}\n  name  = "x-\${count.index}"\n}`;
  const wasm = await misbehaving("plug-in");
  const space = await workspace({
    files: {
      "main.tf": withMockcloud(6, body, `latency_ms = 150`),
      "guest.js": jsGuest(),
      "hanging.js": jsGuest({ on: HANGS }),
      guest: programGuest(),
    },
    providers: ["mockcloud"],
  });
  mayRun(space, "guest");
  const declare = (onError: OnError, hangs: readonly string[]): void => {
    space.write({ "airlock.hcl": declarations(wasm, onError, hangs) });
  };
  declare("warn", []);
  return { space, declare };
}

/** Forgets all that was made: state, its backup, the lock's note, and the cloud with its log. */
export function startAnew(space: Workspace): void {
  for (const name of readdirSync(space.folder)) {
    if (/^\.?terraform\.tfstate/.test(name)) rmSync(join(space.folder, name));
  }
  for (const name of readdirSync(space.cloud)) rmSync(join(space.cloud, name), { recursive: true });
}

const ObjectSchema = v.object({ state: v.object({ name: v.string() }) });

/** An object in the cloud, and when it was written, in ms since 1970. */
export interface CloudObject {
  /** Empty where its provider was killed between taking the id and writing the object. */
  readonly name: string;
  readonly writtenMs: number;
}

/** What exists, whatever anybody knows of it. */
export function objectsOf(space: Workspace): readonly CloudObject[] {
  return readdirSync(space.cloud)
    .filter((name) => name.startsWith("mockcloud_instance."))
    .map((name) => {
      const path = join(space.cloud, name);
      const text = readFileSync(path, "utf8");
      const called = text === "" ? "" : v.parse(ObjectSchema, JSON.parse(text)).state.name;
      return { name: called, writtenMs: statSync(path).mtimeMs };
    });
}

/** The names of all instances that the state has; none where there is no state. */
export function namesInState(space: Workspace): ReadonlySet<string> {
  if (!readdirSync(space.folder).includes("terraform.tfstate")) return new Set();
  if (statSync(join(space.folder, "terraform.tfstate")).size === 0) return new Set();
  const instances = readState(space).resources.flatMap((resource) => resource.instances);
  return new Set(instances.map(({ attributes }) => String(attributes["name"])));
}
