import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { CoreArguments } from "../core/core-arguments.js";
import type { Core } from "../core/find-core.js";
import { MetadataError } from "../metadata/metadata-error.js";
import { byObject, readMetadata } from "../metadata/read-metadata.js";
import type { Damaged, MetadataRead } from "../metadata/read-metadata.js";
import { annotateShow, annotateState } from "../metadata/show-documents.js";
import type { DocumentMetadata } from "../metadata/show-documents.js";
import { Sidecar } from "../metadata/sidecar.js";
import { readPlanArchive, stateIn } from "../records/plan-archive.js";
import type { PlannedChange } from "../records/plan-archive.js";
import { readState } from "../records/state-file.js";
import type { StateObject } from "../records/state-file.js";
import type { LiveIo } from "../stages/live-io.js";
import { jsonOf, jsonStart } from "../core/json-output.js";
import { AskPlace } from "./place.js";
import type { Printed } from "./place.js";

/** What core showed, and what is stored for what is in it. */
export type Shown = Printed &
  (
    | { readonly form: "json" }
    /** Still without metadata: it depends on the terminal how that looks. */
    | { readonly form: "text"; readonly metadata: DocumentMetadata }
  );

interface Found {
  readonly metadata: DocumentMetadata;
  readonly damaged: readonly Damaged[];
}

const NOTHING: Found = { metadata: { state: new Map(), planned: null }, damaged: [] };

/** Whether core will show a state or a plan, and not its help, its version, a configuration or a mistake. */
function showsObjects(args: CoreArguments): boolean {
  const others = args.bool("config") || args.has("module") || args.has("json-into");
  return !args.isHelp && !args.isVersion && args.unknown.length === 0 && args.positional.length <= 1 && !others;
}

/**
 * `show`: what core prints, with what is stored for each resource. null where nothing is stored, and wherever core has
 * nothing to do with objects: then core is to run as if we were not there. Throws what `AskPlace.open` throws; whatever
 * else goes wrong with metadata is noted and costs nobody core's output.
 */
export async function askShow(core: Core, argv: readonly string[], io: LiveIo): Promise<Shown | null> {
  const args = CoreArguments.parse(argv, io.env);
  if (!showsObjects(args)) return null;
  const place = await AskPlace.open(core, args.chdir, io);
  try {
    const { metadata, damaged } = await found(place, args.positional[0] ?? args.flag("plan"));
    noteDamaged(damaged, io);
    if (metadata.state.size === 0 && (metadata.planned?.size ?? 0) === 0) return null;
    const printed = await place.run(withoutChdir(argv), { withStderr: false });
    if (!args.bool("json")) return { ...printed, form: "text", metadata };
    return {
      ...printed,
      form: "json",
      stdout: annotated(printed, (json) => annotateShow(json, metadata)),
    };
  } finally {
    await place.close();
  }
}

/** `state pull`: core's state with what is stored beside each instance; null as for `askShow`. */
export async function askStatePull(core: Core, argv: readonly string[], io: LiveIo): Promise<Printed | null> {
  const args = CoreArguments.parse(argv, io.env);
  if (args.isHelp || args.isVersion || args.unknown.length > 0) return null;
  const place = await AskPlace.open(core, args.chdir, io);
  try {
    const printed = await place.run(withoutChdir(argv), { withStderr: false });
    const objects = isJson(printed) ? objectsOf(jsonOf(printed.stdout)) : [];
    const { rows, damaged } = readMetadata(objects, await sidecarOf(place));
    noteDamaged(damaged, io);
    return { ...printed, stdout: annotated(printed, (json) => annotateState(json, objects, byObject(rows))) };
  } finally {
    await place.close();
  }
}

/** Place and options of the shadow put it back. */
function withoutChdir(argv: readonly string[]): readonly string[] {
  return CoreArguments.parse(argv, {}).withChdir(undefined).toArgv();
}

function isJson({ code, stdout }: Printed): boolean {
  if (code !== 0) return false;
  try {
    const json: unknown = JSON.parse(jsonOf(stdout).toString("utf8"));
    return typeof json === "object" && json !== null && !Array.isArray(json);
  } catch {
    return false;
  }
}

/** What core printed with its JSON changed; as it is where there is none. */
function annotated(printed: Printed, annotate: (json: Buffer) => Buffer): Buffer {
  const { stdout } = printed;
  const start = jsonStart(stdout);
  return isJson(printed) ? Buffer.concat([stdout.subarray(0, start), annotate(stdout.subarray(start))]) : stdout;
}

function objectsOf(state: Uint8Array): readonly StateObject[] {
  try {
    return readState(state);
  } catch {
    return [];
  }
}

/** The sidecar; null when it cannot be read, which is noted. */
async function sidecarOf(place: AskPlace): Promise<Sidecar | null> {
  try {
    return await Sidecar.read(place.root, place.workspace);
  } catch (error) {
    if (!(error instanceof MetadataError)) throw error;
    place.io.note(`${error.message} (${error.code})`);
    return null;
  }
}

function noteDamaged(damaged: readonly Damaged[], io: LiveIo): void {
  for (const { address } of damaged) {
    io.note(`under Airlock's key of ${address} stands what it did not write (METADATA_FOREIGN)`);
  }
}

async function found(place: AskPlace, file: string | undefined): Promise<Found> {
  const sidecar = await sidecarOf(place);
  if (file === undefined) {
    // Core itself says what is wrong with its state.
    const state = await place.capture("state", "pull").catch(() => Buffer.alloc(0));
    return ofState(objectsOf(jsonOf(state)), sidecar);
  }
  const path = resolve(place.root, file);
  const objects = objectsOf(await readFile(path).catch(() => Buffer.alloc(0)));
  // A state file of some other place: the sidecar here says nothing of it.
  if (objects.length > 0) return ofState(objects, null);
  return ofPlan(path, sidecar, place.io);
}

function ofState(objects: readonly StateObject[], sidecar: Sidecar | null): Found {
  const there = new Set(objects.map(({ address }) => address));
  const { rows, damaged } = readMetadata(objects, sidecar);
  const shown = rows.filter(({ address }) => there.has(address));
  return { metadata: { state: byObject(shown), planned: null }, damaged };
}

async function ofPlan(path: string, sidecar: Sidecar | null, io: LiveIo): Promise<Found> {
  let archive;
  try {
    archive = await readPlanArchive(path);
  } catch {
    return NOTHING;
  }
  if (archive === null) {
    io.note("the plan is encrypted: what it holds of metadata is not shown");
    return NOTHING;
  }
  const before = ofState(stateIn(archive), sidecar);
  const after = planned(archive.changes, sidecar);
  return {
    metadata: { state: before.metadata.state, planned: byObject(after.rows) },
    damaged: [...new Map([...before.damaged, ...after.damaged].map((one) => [one.address, one])).values()],
  };
}

function planned(changes: readonly PlannedChange[], sidecar: Sidecar | null): MetadataRead {
  const there = new Set(changes.map(({ address }) => address));
  const objects = changes.map((change) => ({
    address: change.address,
    deposed: change.deposed === "" ? null : change.deposed,
    private: change.private,
  }));
  const { rows, damaged } = readMetadata(objects, sidecar);
  return { rows: rows.filter(({ address }) => there.has(address)), damaged };
}
