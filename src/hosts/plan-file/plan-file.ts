import * as v from "valibot";
import type { Action } from "../../protocol/events.js";
import { toAction } from "./actions.js";
import { ConfigurationTexts } from "./configuration-text.js";
import { JsonReader } from "./json-reader.js";
import { isWithoutSecrets } from "./passable-text.js";
import type { Place, Places } from "./places.js";
import type { PlanBytes } from "./plan-bytes.js";
import type { PlanContents } from "./plan-contents.js";
import { PlanError } from "./plan-error.js";
import { ResourceChangeSchema, StateResourceSchema } from "./plan-schema.js";
import type { ResourceChange } from "./plan-schema.js";
import { stateChange } from "./plan-view.js";
import { PlannedResource } from "./planned-resource.js";
import { TextResource, WholeResource } from "./text-resource.js";
import type { OpenResource, ValueTexts } from "./text-resource.js";
import type { Span } from "./value-scanner.js";

/** One resource of a list, which is read when it is opened. */
export interface ListedResource {
  readonly type: string;
  /** Whether there is a value after the change, if only in part. */
  readonly hasAfter: boolean;
  open(): OpenResource;
}

/** A list of resources that can be gone through again and again. */
export type ResourceList = Iterable<ListedResource>;

const NOTHING_UNKNOWN = "{}";

/**
 * A plan that was gone through once: all of it is known to be right, and each resource is read again when it is told of. Keeps the file
 * open until it is disposed of.
 */
export class PlanFile implements Disposable {
  readonly #configuration: ConfigurationTexts;

  constructor(
    private readonly bytes: PlanBytes,
    readonly contents: PlanContents,
  ) {
    this.#configuration = new ConfigurationTexts(contents, bytes);
  }

  /** What the refresh before the plan found changed. */
  get drift(): ResourceList {
    return this.#list(this.contents.drift, (reader, place) => this.#openChange(reader, place));
  }

  get managed(): ResourceList {
    return this.#changes(false);
  }

  /** Data sources: reads that wait for apply, then those that the plan has read already. */
  get data(): ResourceList {
    return concatenated(this.#changes(true), this.#stateData());
  }

  /**
   * Everything that is there after the plan or goes with it, for hooks that see the whole: `managed`, then resources of the
   * state that the plan does not speak of as `no-op` (outside `-target`, or all of them with `-refresh-only`), then `data`.
   */
  get whole(): ResourceList {
    return concatenated(this.managed, this.#aside(), this.data);
  }

  [Symbol.dispose](): void {
    this.bytes.close();
  }

  #changes(isData: boolean): ResourceList {
    const ofMode = filtered(this.contents.changes, (place) => place.isData === isData);
    return this.#list(ofMode, (reader, place) => this.#openChange(reader, place));
  }

  #stateData(): ResourceList {
    const notPending = filtered(this.contents.stateData, (_place, index) => !this.contents.isPending(index));
    return this.#list(notPending, (reader, place) => this.#openState(reader, place));
  }

  /** Whether the plan speaks of a resource is known when it was read. */
  #aside(): ResourceList {
    const all = this.#list(this.contents.stateManaged, (reader, place) => this.#openState(reader, place));
    const { contents } = this;
    return {
      *[Symbol.iterator]() {
        for (const listed of all) {
          const opened = listed.open();
          if (!contents.isPlanned(opened.address)) yield { ...listed, open: () => opened };
        }
      },
    };
  }

  /** A fault while reading again is told as what it comes from: a file that was changed meanwhile. */
  #list(places: Iterable<Place>, open: (reader: JsonReader, place: Place) => OpenResource): ResourceList {
    const { bytes } = this;
    return {
      *[Symbol.iterator]() {
        // Many are gone through without one being opened.
        let opened: JsonReader | undefined;
        for (const place of places) {
          yield {
            type: place.type,
            hasAfter: place.hasAfter,
            open: () => {
              const reader = (opened ??= new JsonReader(bytes));
              try {
                return open(reader, place);
              } catch (error) {
                bytes.assertUnchanged();
                throw error;
              }
            },
          };
        }
        bytes.assertUnchanged();
      },
    };
  }

  #openChange(reader: JsonReader, place: Place): OpenResource {
    const read = (whole: unknown): ResourceChange => this.#sound(v.safeParse(ResourceChangeSchema, whole));
    const texts = this.#textResource(reader, place, read, changeTexts);
    return texts ?? this.#whole(place, read(this.#reread(reader, place)));
  }

  #openState(reader: JsonReader, place: Place): OpenResource {
    const module = this.contents.moduleAddress(place.module);
    const read = (whole: unknown): ResourceChange =>
      stateChange(this.#sound(v.safeParse(StateResourceSchema, whole)), module);
    const texts = this.#textResource(reader, place, read, place.isData ? readTexts : unchangedTexts);
    return texts ?? this.#whole(place, read(this.#reread(reader, place)));
  }

  #reread(reader: JsonReader, { start }: Place): unknown {
    reader.seek(start);
    reader.value();
    return reader.parsed();
  }

  /** A resource whose values stay text; null where they have to be made. */
  #textResource(
    reader: JsonReader,
    place: Place,
    read: (head: unknown) => ResourceChange,
    shown: (values: readonly (string | null)[]) => ValueTexts,
  ): OpenResource | null {
    const { texts } = place;
    if (texts === null) return null;
    const { secrets } = this.contents;
    reader.retake(place, texts.ascii);
    if (!secrets.isEmpty && !isWithoutSecrets(reader.slice(), texts.escaped, secrets)) return null;
    const { text, values } = apart(reader, texts.spans);
    const head = read(JSON.parse(text));
    const configuration = this.#configuration.textOf(head.module_address, head);
    const { passable } = configuration;
    if (passable === null) return null;
    const parts = { mode: modeOf(place), action: actionOf(place, head), secrets, configuration, config: passable };
    return new TextResource({ head, ...parts, ...shown(values) });
  }

  #whole(place: Place, change: ResourceChange): OpenResource {
    const { secrets } = this.contents;
    const action = actionOf(place, change);
    return new WholeResource(new PlannedResource(change, modeOf(place), action, this.#configuration, secrets));
  }

  /** What was right when the plan was read first is so now, unless somebody wrote the file. */
  #sound<Output>(parsed: v.SafeParseResult<v.GenericSchema<unknown, Output>>): Output {
    if (parsed.success) return parsed.output;
    throw new PlanError("PLAN_NOT_READABLE", `${this.bytes.name} was changed while it was read`, {
      remedy: "Let nothing write it meanwhile, and run the check again",
    });
  }
}

const NULL = "null";

function changeTexts([before, after, after_unknown]: readonly (string | null)[]): ValueTexts {
  return { before: before ?? NULL, after: after ?? NULL, after_unknown: after_unknown ?? NULL };
}

function unchangedTexts([, after]: readonly (string | null)[]): ValueTexts {
  return { before: after ?? NULL, after: after ?? NULL, after_unknown: NOTHING_UNKNOWN };
}

function readTexts(values: readonly (string | null)[]): ValueTexts {
  return { ...unchangedTexts(values), before: NULL };
}

function modeOf({ isData }: Place): "managed" | "data" {
  return isData ? "data" : "managed";
}

/** Data is only ever read; older cores also list it as deleted or unchanged. */
function actionOf({ isData }: Place, { change }: ResourceChange): Action {
  return isData ? "read" : (toAction(change.actions) ?? "no-op");
}

/** The text that a reader has taken with null in the place of each value, and the values. */
function apart(reader: JsonReader, spans: readonly (Span | null)[]): { text: string; values: (string | null)[] } {
  const item = reader.taken;
  const inWindow = spans.map((span) =>
    span === null ? null : { start: item.start + span.start, end: item.start + span.end },
  );
  const values = inWindow.map((span) => (span === null ? null : reader.slice(span)));
  let text = "";
  let from = item.start;
  for (const { start, end } of inWindow.filter((span) => span !== null).sort((one, other) => one.start - other.start)) {
    text += `${reader.slice({ start: from, end: start })}null`;
    from = end;
  }
  return { text: text + reader.slice({ start: from, end: item.end }), values };
}

function filtered(places: Places, isIn: (place: Place, index: number) => boolean): Iterable<Place> {
  return {
    *[Symbol.iterator]() {
      let index = 0;
      for (const place of places) if (isIn(place, index++)) yield place;
    },
  };
}

function concatenated(...lists: readonly ResourceList[]): ResourceList {
  return {
    *[Symbol.iterator]() {
      for (const list of lists) yield* list;
    },
  };
}
