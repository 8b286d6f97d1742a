import * as v from "valibot";
import { aliasOf, localAddress, moduleNames } from "./configuration.js";
import type { Configurations, ResourceConfiguration } from "./configuration.js";
import { ConfigurationPlaces } from "./configuration-places.js";
import { JsonReader } from "./json-reader.js";
import type { PlanBytes } from "./plan-bytes.js";
import type { PlanContents } from "./plan-contents.js";
import { ConfigResourceSchema } from "./plan-schema.js";
import { isPassable, isWithoutSecrets } from "./passable-text.js";

/** Blocks are looked for here and there, so little is read around each. */
const WINDOW = 32 * 1024;
/** Instances of one block follow each other, so few blocks need be remembered. */
const REMEMBERED = 64;

/** A block of the configuration, as text. */
export interface BlockText {
  readonly alias: string | null;
  /** Its text, where that can go into an event as it stands; else null. */
  readonly passable: string | null;
  /** The block itself, made when it is first asked for. */
  block(): ResourceConfiguration["block"];
}

const NONE: BlockText = { alias: null, passable: "null", block: () => null };

/** The configuration of a plan whose blocks are read when they are asked for. */
export class ConfigurationTexts implements Configurations {
  readonly #reader: JsonReader;
  readonly #remembered = new Map<number, BlockText>();

  constructor(
    private readonly contents: PlanContents,
    bytes: PlanBytes,
  ) {
    this.#reader = new JsonReader(bytes, undefined, WINDOW);
  }

  of(resource: { module: string | null; mode: string; type: string; name: string }): ResourceConfiguration {
    const text = this.textOf(resource.module, resource);
    return { block: text.block(), alias: text.alias };
  }

  textOf(module: string | null, resource: { mode: string; type: string; name: string }): BlockText {
    const names = moduleNames(module ?? "");
    const start = names === null ? undefined : this.contents.configuration.find(names, localAddress(resource));
    if (start === undefined) return NONE;
    const known = this.#remembered.get(start);
    if (known !== undefined) return known;
    if (this.#remembered.size >= REMEMBERED) this.#remembered.clear();
    const read = this.#read(start);
    this.#remembered.set(start, read);
    return read;
  }

  #read(start: number): BlockText {
    const reader = this.#reader;
    reader.seek(start);
    reader.value();
    const { provider_config_key: key } = v.parse(ConfigResourceSchema, ConfigurationPlaces.headOf(reader));
    const text = reader.slice();
    let parsed: ResourceConfiguration["block"] | undefined;
    return {
      alias: aliasOf(key, this.contents.aliases),
      passable:
        isPassable(reader) && isWithoutSecrets(text, reader.scanner.escaped, this.contents.secrets) ? text : null,
      block: () => (parsed ??= v.parse(ConfigResourceSchema, JSON.parse(text))),
    };
  }
}
