import * as v from "valibot";
import type { Action } from "../../protocol/events.js";
import { toAction } from "./actions.js";
import { ConfigurationTexts } from "./configuration-text.js";
import { JsonReader } from "./json-reader.js";
import { passableText } from "./passable-text.js";
import type { Place, Places } from "./places.js";
import type { PlanBytes } from "./plan-bytes.js";
import type { PlanContents } from "./plan-contents.js";
import { PlanError } from "./plan-error.js";
import { ResourceChangeSchema, StateResourceSchema } from "./plan-schema.js";
import type { ResourceChange, StateResource } from "./plan-schema.js";
import { stateChange } from "./plan-view.js";
import { PlannedResource } from "./planned-resource.js";
import { canMark, takeChange, takeStateResource, textOf } from "./resource-text.js";
import type { Spans, TakenResource } from "./resource-text.js";
import { TextResource, WholeResource } from "./text-resource.js";
import type { OpenResource } from "./text-resource.js";

/** One resource of a list, which is read when it is opened. */
export interface ListedResource {
  readonly type: string;
  /** Whether there is a value after the change, if only in part. */
  readonly hasAfter: boolean;
  open(): OpenResource;
}

/** A list of resources that can be gone through again and again. */
export type ResourceList = Iterable<ListedResource>;

const VALUE_MEMBERS = ["before", "after", "after_unknown"] as const;
const NOTHING_UNKNOWN = "{}";

/** How the values of a resource stand in its text. */
interface ValueTexts {
  readonly before: string;
  readonly after: string;
  readonly after_unknown: string;
}

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
    return this.#list(this.contents.drift, (reader) => this.#openChange(reader));
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
    return this.#list(ofMode, (reader) => this.#openChange(reader));
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
              reader.seek(place.start);
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

  #openChange(reader: JsonReader): OpenResource {
    const { head, spans } = this.#sound(takeChange(reader));
    const isMarked = canMark(reader, spans?.["before_sensitive"]) || canMark(reader, spans?.["after_sensitive"]);
    const texts = spans === null || isMarked ? null : valueTexts(reader, spans);
    return this.#resource(reader, head, texts, () => v.parse(ResourceChangeSchema, reader.parsed()));
  }

  #openState(reader: JsonReader, place: Place): OpenResource {
    const { head, spans } = this.#sound(takeStateResource(reader));
    const module = this.contents.moduleAddress(place.module);
    const isPlain = spans !== null && !canMark(reader, spans["sensitive_values"]);
    const values = isPlain ? textOf(reader, spans["values"]) : null;
    const texts =
      values === null ? null : { before: place.isData ? "null" : values, after: values, after_unknown: NOTHING_UNKNOWN };
    return this.#resource(reader, stateChange(head, module), texts, () =>
      stateChange(v.parse(StateResourceSchema, reader.parsed()), module),
    );
  }

  #resource(reader: JsonReader, head: ResourceChange, texts: ValueTexts | null, whole: () => ResourceChange): OpenResource {
    const { secrets } = this.contents;
    const mode = head.mode === "data" ? "data" : "managed";
    // Data is only ever read; older cores also list it as deleted or unchanged.
    const action: Action = mode === "data" ? "read" : (toAction(head.change.actions) ?? "no-op");
    const configuration = this.#configuration.textOf({ ...head, module: head.module_address });
    const { passable } = configuration;
    if (texts !== null && passable !== null && passableText(reader, secrets) !== null) {
      return new TextResource({ head, mode, action, ...texts, configuration: { ...configuration, passable }, secrets });
    }
    return new WholeResource(new PlannedResource(whole(), mode, action, this.#configuration, secrets));
  }

  /** What was right when the plan was read first is so now, unless somebody wrote the file. */
  #sound<Head extends ResourceChange | StateResource>({ head, spans }: TakenResource<Head>): { head: Head; spans: Spans | null } {
    if (head.success) return { head: head.output, spans };
    this.bytes.assertUnchanged();
    throw new PlanError("PLAN_NOT_READABLE", `${this.bytes.name} was changed while it was read`);
  }
}

function valueTexts(reader: JsonReader, spans: Spans): ValueTexts {
  const [before, after, after_unknown] = VALUE_MEMBERS.map((name) => textOf(reader, spans[name])) as [string, string, string];
  return { before, after, after_unknown };
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
