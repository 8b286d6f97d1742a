import type { Action, AirlockEvent, Path } from "../../../protocol/events.js";
import type { ResourceHook } from "../../../protocol/hooks.js";
import { collectMarked } from "../../sensitive/marks.js";
import { mergeMarks, pathMarks } from "../../sensitive/path-marks.js";
import { redactConfig, redactMetadata, redactValue } from "../../sensitive/redact.js";
import type { Attached } from "../metadata/run-metadata.js";
import { parseAddress } from "../records/address.js";
import type { Located } from "../records/address-book.js";
import type { PlanValue } from "../tfplugin/plan-value.js";
import type { Block } from "../tfplugin/schema.js";
import { configExpressions } from "./config-expressions.js";
import type { LiveRun } from "./live-run.js";

/** What an event tells of one resource or data source: what a provider call is about. */
export interface Subject {
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly source: string;
  readonly located: Located;
  /** The alias that the session's provider configuration has, as far as it is known. */
  readonly alias: string | null | undefined;
  readonly action: Action;
  /** null where there is none, and `after` in front of what gives it. */
  readonly before: PlanValue | null;
  readonly after: PlanValue | null;
  readonly config: PlanValue | null;
  readonly block: Block;
  /** Places that the configuration made sensitive, as far as core's records tell. */
  readonly marked: { readonly before: readonly Path[]; readonly after: readonly Path[] };
  /** What is stored for it; null for data sources, of which nothing is. */
  readonly attached: Attached | null;
}

function union(paths: readonly Path[]): Path[] {
  return [...new Map(paths.map((path) => [JSON.stringify(path), path])).values()];
}

/** The name that all candidates share; empty where they do not. */
function nameOf(located: Located): Pick<NonNullable<ReturnType<typeof parseAddress>>, "name" | "index" | "module"> {
  const [first, ...others] = (located.address === null ? located.candidates : [located.address]).map(parseAddress);
  if (first === null || first === undefined) return { name: "", index: null, module: null };
  const isCommon = others.every((other) => other?.name === first.name);
  const isOneModule = others.every((other) => other?.module === first.module);
  return {
    name: isCommon ? first.name : "",
    index: located.address === null ? null : first.index,
    module: isOneModule ? first.module : null,
  };
}

function present(value: PlanValue | null): unknown {
  return value === null ? null : value.value;
}

/** Hooks in front of what tells how an object will be. */
const OPEN: readonly ResourceHook[] = [
  "pre-plan-resource",
  "pre-refresh-resource",
  "pre-read-data",
  "validate-resource",
];

/** Of an object that will be gone nothing is unknown; of one that is not planned yet there is nothing to say. */
function unknownOfNothing(hook: ResourceHook): object | null {
  return OPEN.includes(hook) ? null : {};
}

/** What tokens know the object by: its address, or all that is known while it has none. */
function objectOf({ mode, type, located }: Subject): string {
  return located.address ?? JSON.stringify([mode, type, ...located.candidates]);
}

/** Builds the event of a hook. Every value that is sensitive, and every copy of one, is replaced by its token. */
export function resourceEvent(run: LiveRun, hook: ResourceHook, subject: Subject): AirlockEvent {
  const { located, before, after, config, secrets, attached } = { ...subject, secrets: run.secrets };
  const marks = {
    before: mergeMarks(before?.sensitive, pathMarks(subject.marked.before, before?.value)),
    after: mergeMarks(after?.sensitive, pathMarks(subject.marked.after, after?.value)),
    config: mergeMarks(config?.sensitive, pathMarks(subject.marked.after, config?.value)),
  };
  for (const [value, mark] of [
    [before, marks.before],
    [after, marks.after],
    [config, marks.config],
  ] as const) {
    collectMarked(present(value), mark, secrets);
  }
  const object = objectOf(subject);
  const shown = {
    before: redactValue(present(before), marks.before, secrets, object),
    after: redactValue(present(after), marks.after, secrets, object),
  };
  const address = located.address;
  const { name, index, module } = nameOf(located);
  const params = {
    run: run.run,
    address,
    ...(address === null && { address_candidates: [...located.candidates] }),
    mode: subject.mode,
    type: subject.type,
    name,
    index,
    module,
    provider: { source: subject.source, alias: located.alias ?? subject.alias ?? null },
    action: subject.action,
    before: shown.before.value,
    after: shown.after.value,
    // Only `true` stands there, but keys of maps do too.
    after_unknown: after === null ? unknownOfNothing(hook) : redactValue(after.unknown, false, secrets, object).value,
    sensitive: union([...shown.before.paths, ...shown.after.paths]),
    config:
      config === null ? null : redactConfig(configExpressions(subject, name, config), [marks.config], secrets, object),
    metadata: redactMetadata(
      attached?.metadata ?? (address === null ? {} : run.judge.metadataOf(address)),
      secrets,
      object,
    ),
  };
  return { hook, params, ...(attached !== null && { stored: attached.info }) };
}
