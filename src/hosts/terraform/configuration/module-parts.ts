import type { SourceLocation } from "../../../protocol/airlock-error.js";
import type { JsonValue } from "../../../declare/literal.js";
import type { SourceText } from "../../../declare/source-text.js";
import type { Body, Expression } from "./syntax.js";
import type { ResourceMode } from "./types.js";

/** An attribute of a block, as far as it can be known without evaluating. */
export interface Attribute {
  /** As `Expression.text`. */
  readonly text: string;
  /** Undefined when it is no literal. */
  readonly value: JsonValue | undefined;
}

/** A block that says one thing, with what override files put over it. */
export interface Part {
  readonly location: SourceLocation;
  readonly attributes: ReadonlyMap<string, Attribute>;
}

/** A `resource` or `data` block. */
export interface ResourcePart extends Part {
  readonly mode: ResourceMode;
  readonly type: string;
  readonly name: string;
}

/** A `provider` block. */
export interface ProviderPart extends Part {
  readonly localName: string;
  readonly alias: string | null;
}

/** A `module` block. */
export interface CallPart extends Part {
  readonly name: string;
  /** Its `providers` argument: the child's name of a configuration -> the caller's, both as written. */
  readonly providers: ReadonlyMap<string, string>;
}

/** A `moved`, `import` or `removed` block. */
export interface RefactoringPart extends Part {
  readonly kind: "moved" | "import" | "removed";
}

/** What the files of one folder say together. */
export class ModuleParts {
  readonly resources = new Map<string, ResourcePart>();
  readonly providers = new Map<string, ProviderPart>();
  readonly calls = new Map<string, CallPart>();
  readonly variables = new Map<string, Part>();
  readonly refactorings: RefactoringPart[] = [];
  /** Local name -> what is written as its source; null where none is. */
  readonly required = new Map<string, string | null>();
  /** The types of `ephemeral` resources, which no hook sees but which need a provider, too. */
  readonly ephemeralTypes = new Set<string>();
  cloud: SourceLocation | null = null;
  backend: { readonly type: string; readonly location: SourceLocation } | null = null;
  /** The first `integration` block. */
  integration: SourceLocation | null = null;
  incomplete = false;

  /** Adds what a file says. Override files come last: what they say of a block that is there goes over it. */
  add(file: Body, source: SourceText): void {
    const reader = new FileReader(this, source);
    reader.read(file);
  }
}

function merged<T extends Part>(base: T | undefined, part: T): T {
  if (base === undefined) return part;
  return { ...part, location: base.location, attributes: new Map([...base.attributes, ...part.attributes]) };
}

class FileReader {
  readonly #parts: ModuleParts;
  readonly #source: SourceText;

  constructor(parts: ModuleParts, source: SourceText) {
    this.#parts = parts;
    this.#source = source;
  }

  read(file: Body): void {
    const { calls, variables, refactorings, ephemeralTypes } = this.#parts;
    for (const block of file.blocks("terraform", 0)) this.#terraform(block);
    for (const block of file.blocks("provider", 1)) this.#provider(block);
    for (const block of file.blocks("resource", 2)) this.#resource(block, "managed");
    for (const block of file.blocks("data", 2)) this.#resource(block, "data");
    for (const check of file.blocks("check", 1)) {
      for (const block of check.blocks("data", 2)) this.#resource(block, "data");
    }
    for (const { labels } of file.blocks("ephemeral", 2)) ephemeralTypes.add(labels[0] ?? "");
    for (const block of file.blocks("module", 1)) {
      const [name = ""] = block.labels;
      const base = calls.get(name);
      const providers = textEntries(block, "providers");
      const inherited = providers.size === 0 && base !== undefined ? base.providers : providers;
      calls.set(name, merged(base, { ...this.#part(block), name, providers: inherited }));
    }
    for (const block of file.blocks("variable", 1)) {
      const [name = ""] = block.labels;
      variables.set(name, merged(variables.get(name), this.#part(block)));
    }
    for (const kind of ["moved", "import", "removed"] as const) {
      for (const block of file.blocks(kind, 0)) refactorings.push({ ...this.#part(block), kind });
    }
  }

  #terraform(block: Body): void {
    const parts = this.#parts;
    for (const { attributes } of block
      .blocks("required_providers", 0)
      .map((body) => ({ attributes: body.attributes() }))) {
      for (const [localName, requirement] of attributes) parts.required.set(localName, writtenSource(requirement));
    }
    for (const backend of block.blocks("backend", 1)) {
      parts.backend = { type: backend.labels[0] ?? "", location: this.#place(backend) };
      parts.cloud = null;
    }
    for (const cloud of block.blocks("cloud", 0)) {
      parts.cloud = this.#place(cloud);
      parts.backend = null;
    }
    this.#integration(block.blocks("integration", 1));
  }

  #provider(block: Body): void {
    const [localName = ""] = block.labels;
    const part = this.#part(block);
    const written = part.attributes.get("alias")?.value;
    const alias = typeof written === "string" ? written : null;
    const key = `${localName}.${alias ?? ""}`;
    this.#parts.providers.set(key, merged(this.#parts.providers.get(key), { ...part, localName, alias }));
    // Without a label it is a block of the provider's own.
    this.#integration(block.blocks("integration", 1).filter(({ labels }) => labels.length > 0));
  }

  #resource(block: Body, mode: ResourceMode): void {
    const [type, name] = block.labels;
    if (type === undefined || name === undefined) return;
    const key = `${mode}.${type}.${name}`;
    const { resources } = this.#parts;
    resources.set(key, merged(resources.get(key), { ...this.#part(block), mode, type, name }));
  }

  #integration([first]: readonly Body[]): void {
    if (first !== undefined) this.#parts.integration ??= this.#place(first);
  }

  #part(block: Body): Part {
    const attributes = block.attributes().map(([name, expression]) => [name, attribute(expression)] as const);
    return { location: this.#place(block), attributes: new Map(attributes) };
  }

  #place({ offset }: Body): SourceLocation {
    return this.#source.locate(offset);
  }
}

function attribute(expression: Expression): Attribute {
  return { text: expression.text, value: expression.value() };
}

/** The entries of an argument that is an object of references. */
function textEntries(block: Body, argument: string): ReadonlyMap<string, string> {
  const found = block.attributes().find(([name]) => name === argument);
  return new Map(found?.[1].entries().map(([key, value]) => [key, value.text]));
}

/** A requirement is an object with a source, or, as long ago, a version alone. */
function writtenSource(requirement: Expression): string | null {
  const source = requirement
    .entries()
    .find(([key]) => key === "source")?.[1]
    .value();
  return typeof source === "string" ? source : null;
}
