import { safeJson } from "../../../base/neutralise.js";
import { NO_METADATA } from "./entry.js";
import type { StoredMetadata } from "./entry.js";
import { instancesOf } from "./edit-state.js";
import { JsonText } from "./json-text.js";
import type { Span, Splice } from "./json-text.js";
import { objectKey } from "./read-metadata.js";
import type { StateObject } from "../records/state-file.js";

/** The key under which metadata stands in documents of core. */
export const DOCUMENT_KEY = "integration_metadata";

/** By `objectKey`. */
export type MetadataByObject = ReadonlyMap<string, StoredMetadata>;

/** What is stored for the objects of a document of core: for those of its state, and for what a plan makes of them. */
export interface DocumentMetadata {
  readonly state: MetadataByObject;
  /** null where the document is no plan. */
  readonly planned: MetadataByObject | null;
}

/** How much is stored, for the top of a document. */
export interface MetadataSummary {
  /** Objects that have any. */
  readonly resources: number;
  readonly integrations: Readonly<Record<string, { readonly resources: number }>>;
}

/** Counts objects, and for each integration those that it stored something for. */
export function summaryOf(metadata: MetadataByObject): MetadataSummary {
  const counts = new Map<string, number>();
  for (const stored of metadata.values()) {
    for (const name of stored.keys()) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const integrations = [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, resources]) => [name, { resources }]);
  const resources = [...metadata.values()].filter(({ size }) => size > 0).length;
  return { resources, integrations: Object.fromEntries(integrations) as MetadataSummary["integrations"] };
}

function dataText(stored: StoredMetadata): string {
  const entries = [...stored].map(([name, { data }]) => [name, data] as const);
  return safeJson(JSON.stringify(Object.fromEntries(entries)));
}

/** Adds what is stored to the objects of core's JSON; what is core's stays byte for byte. */
class Annotator {
  readonly json: JsonText;
  readonly splices: Splice[] = [];

  constructor(bytes: Uint8Array) {
    this.json = new JsonText(bytes);
  }

  /** `deposedKey` is what this document calls the key of a deposed object. */
  add(object: Span, metadata: MetadataByObject, deposedKey: "deposed" | "deposed_key"): void {
    const members = this.json.members(object);
    const address = this.json.string(members.get("address"));
    if (address === undefined) return;
    this.annotate(
      object,
      metadata.get(objectKey({ address, deposed: this.json.string(members.get(deposedKey)) ?? null })),
    );
  }

  annotate(object: Span, stored: StoredMetadata = NO_METADATA): void {
    if (stored.size > 0) this.splices.push(this.json.addition(object, DOCUMENT_KEY, dataText(stored)));
  }

  /** The resources of a module and of those in it. */
  module(module: Span | undefined, metadata: MetadataByObject): void {
    const members = this.json.members(module);
    for (const object of this.json.items(members.get("resources"))) this.add(object, metadata, "deposed_key");
    for (const child of this.json.items(members.get("child_modules"))) this.module(child, metadata);
  }

  /** The `root_module` of a `values` object. */
  values(values: Span | undefined, metadata: MetadataByObject): void {
    this.module(this.json.members(values).get("root_module"), metadata);
  }
}

/** Core's `show -json` with what is stored at every object of it, and a summary at its top. */
export function annotateShow(bytes: Uint8Array, { state, planned }: DocumentMetadata): Buffer {
  const annotator = new Annotator(bytes);
  const { json } = annotator;
  const top = json.members(json.root);
  annotator.values(top.get("values"), state);
  annotator.values(json.members(top.get("prior_state")).get("values"), state);
  annotator.values(top.get("planned_values"), planned ?? state);
  for (const object of json.items(top.get("resource_drift"))) annotator.add(object, state, "deposed");
  for (const object of json.items(top.get("resource_changes"))) annotator.add(object, planned ?? state, "deposed");
  const summary = json.addition(json.root, DOCUMENT_KEY, JSON.stringify(summaryOf(planned ?? state)));
  return json.spliced([...annotator.splices, summary]);
}

/** Core's `state pull` with what is stored beside the private bytes of every instance that has any. */
export function annotateState(bytes: Uint8Array, objects: readonly StateObject[], metadata: MetadataByObject): Buffer {
  const annotator = new Annotator(bytes);
  const instances = instancesOf(annotator.json);
  for (const [at, object] of objects.entries()) {
    const instance = instances[at];
    if (instance !== undefined) annotator.annotate(instance, metadata.get(objectKey(object)));
  }
  return annotator.json.spliced(annotator.splices);
}
