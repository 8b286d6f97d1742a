import { DeclareError } from "../../../declare/declare-error.js";
import { listFiles, readBytes } from "../../../declare/files.js";
import type { CoreKind, DeclarationFile } from "../../../declare/files.js";
import { withSyntaxTree } from "../../../declare/hcl-parser.js";
import { parseJson } from "../../../declare/json-text.js";
import { SourceText } from "../../../declare/source-text.js";
import { hclFile } from "./hcl-syntax.js";
import { jsonFile } from "./json-syntax.js";
import { MAX_JSON_CONFIGURATION_VALUES } from "./limits.js";
import type { ConfigurationLimits } from "./limits.js";
import { ModuleParts } from "./module-parts.js";

/** Files that are read ahead of the parser. */
const READ_AHEAD = 16;
const EVERYTHING = { keeps: () => true, maxValues: MAX_JSON_CONFIGURATION_VALUES };

/** Reads the folders of modules, each once, within the limits on files and bytes. */
export class ModuleFiles {
  readonly #core: CoreKind;
  readonly #byFolder = new Map<string, Promise<ModuleParts>>();
  #filesLeft: number;
  #bytesLeft: number;

  constructor(core: CoreKind, limits: Pick<ConfigurationLimits, "files" | "bytes">) {
    this.#core = core;
    this.#filesLeft = limits.files;
    this.#bytesLeft = limits.bytes;
  }

  /** What the files of a folder say. What cannot be read makes it `incomplete`; this never throws. */
  of(folder: string): Promise<ModuleParts> {
    let parts = this.#byFolder.get(folder);
    if (parts === undefined) {
      parts = this.#read(folder);
      this.#byFolder.set(folder, parts);
    }
    return parts;
  }

  async #read(folder: string): Promise<ModuleParts> {
    const parts = new ModuleParts();
    const all = await completing(parts, () => listFiles(folder, this.#core));
    const files = all?.filter(({ syntax }) => syntax !== "airlock") ?? [];
    const ordered = [...files.filter((file) => !file.isOverride), ...files.filter((file) => file.isOverride)];
    const taken = ordered.slice(0, this.#filesLeft);
    this.#filesLeft -= taken.length;
    if (taken.length < ordered.length) parts.incomplete = true;
    for (let at = 0; at < taken.length; at += READ_AHEAD) {
      const batch = taken.slice(at, at + READ_AHEAD);
      const read = await Promise.all(batch.map(({ path }) => completing(parts, () => readBytes(path))));
      for (const [index, file] of batch.entries()) {
        const bytes = read[index];
        if (bytes !== undefined) await completing(parts, () => this.#add(file, bytes, parts));
      }
    }
    return parts;
  }

  async #add(file: DeclarationFile, bytes: Buffer, parts: ModuleParts): Promise<void> {
    if (bytes.length > this.#bytesLeft) {
      parts.incomplete = true;
      return;
    }
    this.#bytesLeft -= bytes.length;
    const source = new SourceText(file.path, new TextDecoder().decode(bytes));
    if (file.syntax === "json") {
      parts.add(jsonFile(parseJson(source, EVERYTHING), source), source);
      return;
    }
    await withSyntaxTree(source, (root) => {
      if (root.hasError) parts.incomplete = true;
      parts.add(hclFile(root, source), source);
    });
  }
}

/** Runs a step; when it fails with a `DeclareError`, the parts are incomplete and the answer is undefined. */
async function completing<T>(parts: ModuleParts, step: () => Promise<T>): Promise<T | undefined> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof DeclareError)) throw error;
    parts.incomplete = true;
    return undefined;
  }
}
