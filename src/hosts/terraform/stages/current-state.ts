import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { errorCode } from "../../../base/error-code.js";
import { foreign } from "../metadata/edit-state.js";
import { jsonOf } from "../core/json-output.js";
import { readEntry } from "../metadata/entry.js";
import { readState } from "../records/state-file.js";
import type { StateObject } from "../records/state-file.js";
import { learnFromState } from "./learn-secrets.js";
import type { StageRun } from "./run.js";

const STATE_FILE = "terraform.tfstate";

/** Where the local backend keeps the state; null when the configuration or the command line says something else. */
function localFile({ project, place, run }: StageRun): string | null {
  const { backend } = project.configuration;
  const { args } = place;
  if (backend !== null) return null;
  const named = args.flag("state");
  if (named !== undefined) return resolve(project.root, named);
  return run.workspace === "default"
    ? join(project.root, STATE_FILE)
    : join(project.root, `${STATE_FILE}.d`, run.workspace, STATE_FILE);
}

/** The text of the state as it is before core runs; core itself reads what is not a plain local file. */
async function stateBytes(run: StageRun): Promise<Uint8Array> {
  const file = localFile(run);
  if (file === null) return jsonOf(await run.capture("state", "pull"));
  try {
    return await readFile(file);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return new Uint8Array(0);
    throw error;
  }
}

/**
 * The objects of the state before core runs; takes note of their types and secrets. Nothing here decides anything but
 * addresses: what cannot be read, or is encrypted, is asked of core, and without an answer addresses stay in doubt.
 */
export async function currentState(run: StageRun): Promise<readonly StateObject[]> {
  const objects = await readObjects(run);
  warnOfForeign(run, objects);
  learnFromState(objects, run.secrets);
  const pairs = objects.flatMap(({ provider, type }) =>
    provider === null ? [] : ([[provider.source, type]] as const),
  );
  run.held = [...new Map(pairs.map((pair) => [pair.join(" "), pair])).values()];
  return objects;
}

/** What stands under our key and is not ours stays there: told once, with its address. */
function warnOfForeign(run: StageRun, objects: readonly StateObject[]): void {
  for (const object of objects) {
    if (readEntry(object.private).kind !== "foreign" || run.foreign.has(object.address)) continue;
    run.foreign.add(object.address);
    const { message, remedy = "", code } = foreign(object);
    run.io.show([{ severity: "warning", summary: message, detail: `${remedy}\n(${code})`, address: object.address }]);
  }
}

async function readObjects(run: StageRun): Promise<readonly StateObject[]> {
  try {
    return readState(await stateBytes(run));
  } catch {
    try {
      return readState(jsonOf(await run.capture("state", "pull")));
    } catch {
      return [];
    }
  }
}
