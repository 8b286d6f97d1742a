import type { JsonValue } from "../../../declare/literal.js";

/** The value of an attribute, in HCL or JSON. Only usable while its file is being read. */
export interface Expression {
  /** As written; of a JSON string what is between its quotes, empty for any other JSON value. */
  readonly text: string;
  /** The value as JSON; undefined when it is no literal. */
  value(): JsonValue | undefined;
  /** The entries of an object, evaluated or not; none for anything else. */
  entries(): readonly (readonly [key: string, value: Expression])[];
}

/** A block, or the whole of a file. Only usable while its file is being read. */
export interface Body {
  /** In the file's text, UTF-16 units. */
  readonly offset: number;
  readonly labels: readonly string[];
  /** In JSON nested blocks are among them, for only a schema tells the two apart. */
  attributes(): readonly (readonly [name: string, value: Expression])[];
  /** The blocks of this type right inside. JSON does not tell labels from contents, so it is to be said how many there are. */
  blocks(type: string, labels: number): readonly Body[];
}
