import { COMMENT } from "../../../declare/json-file.js";
import { withoutTemplates } from "../../../declare/json-literal.js";
import { toValue } from "../../../declare/literal.js";
import type { JsonValue, Literal, LiteralEntry } from "../../../declare/literal.js";
import type { SourceText } from "../../../declare/source-text.js";
import { literalOrNone } from "./literal-text.js";
import type { Body, Expression } from "./syntax.js";

/** The whole of a file in Terraform's JSON syntax: one object, or several in a list. */
export function jsonFile(document: Literal, source: SourceText): Body {
  return new JsonBody(objects(document).flat(), 0, [], source);
}

/** The objects that stand for one or several bodies, each as its entries. */
function objects(value: Literal): readonly (readonly LiteralEntry[])[] {
  if (value.kind === "object") return [value.entries];
  return value.kind === "list" ? value.items.flatMap((item) => (item.kind === "object" ? [item.entries] : [])) : [];
}

class JsonBody implements Body {
  readonly offset: number;
  readonly labels: readonly string[];
  readonly #entries: readonly LiteralEntry[];
  readonly #source: SourceText;

  constructor(entries: readonly LiteralEntry[], offset: number, labels: readonly string[], source: SourceText) {
    this.#entries = entries.filter(({ key }) => key !== COMMENT);
    this.offset = offset;
    this.labels = labels;
    this.#source = source;
  }

  attributes(): readonly (readonly [string, Expression])[] {
    return this.#entries.map(({ key, value }) => [key, new JsonExpression(value, this.#source)]);
  }

  blocks(type: string, labels: number): readonly Body[] {
    const ofType = this.#entries.filter(({ key }) => key === type);
    return ofType.flatMap((entry) => this.#labelled(entry, labels, []));
  }

  #labelled({ offset, value }: LiteralEntry, missing: number, labels: readonly string[]): readonly Body[] {
    const bodies = objects(value);
    if (missing === 0) return bodies.map((entries) => new JsonBody(entries, offset, labels, this.#source));
    return bodies
      .flat()
      .filter(({ key }) => key !== COMMENT)
      .flatMap((entry) => this.#labelled(entry, missing - 1, [...labels, entry.key]));
  }
}

class JsonExpression implements Expression {
  readonly #literal: Literal;
  readonly #source: SourceText;

  constructor(literal: Literal, source: SourceText) {
    this.#literal = literal;
    this.#source = source;
  }

  get text(): string {
    return this.#literal.kind === "scalar" && typeof this.#literal.value === "string" ? this.#literal.value : "";
  }

  value(): JsonValue | undefined {
    return literalOrNone(() => toValue(withoutTemplates(this.#literal, this.#source), this.#source));
  }

  entries(): readonly (readonly [string, Expression])[] {
    if (this.#literal.kind !== "object") return [];
    const entries = this.#literal.entries.filter(({ key }) => key !== COMMENT);
    return entries.map(({ key, value }) => [key, new JsonExpression(value, this.#source)]);
  }
}
