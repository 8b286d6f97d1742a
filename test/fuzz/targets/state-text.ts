import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import { editState } from "../../../src/hosts/terraform/metadata/edit-state.js";
import { JsonText } from "../../../src/hosts/terraform/metadata/json-text.js";
import type { Span } from "../../../src/hosts/terraform/metadata/json-text.js";
import { METADATA_ERROR_CODES, MetadataError } from "../../../src/hosts/terraform/metadata/metadata-error.js";
import { RECORDS_ERROR_CODES, RecordsError } from "../../../src/hosts/terraform/records/records-error.js";
import { readState } from "../../../src/hosts/terraform/records/state-file.js";
import { instance, resource, stateBytes } from "../../hosts/terraform/records/states.js";
import { orNamed } from "../expected-error.js";
import { mutated } from "../mutated.js";
import { fuzzTarget } from "../target.js";

/** Where a step leads: a member by name, an item by number. */
type Step = string | number;

/** JSON text with the writer's own freedom: spaces anywhere, any escapes in strings, numbers beyond a double. */
const spaces = fc.constantFrom("", " ", "\n\t", "\r\n");
const character = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("a", "b", "é", "{", "}", "[", "]", ",", ":", "\u{1f600}") },
  fc.constantFrom('\\"', "\\\\", "\\u0041", "\\ud83d\\ude00", "\\/", "\\n", "\\u005c"),
);
const text = fc.array(character, { maxLength: 4 }).map((parts) => `"${parts.join("")}"`);
const { json } = fc.letrec<{ json: string }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4, depthIdentifier: "json" },
    fc.constantFrom("null", "true", "false", "-0", "1e400", "12345678901234567890.10"),
    text,
    fc
      .tuple(spaces, fc.array(tie("json"), { maxLength: 3 }))
      .map(([space, items]) => `[${space}${items.join(`${space},`)}${space}]`),
    fc
      .tuple(spaces, fc.array(fc.tuple(text, tie("json")), { maxLength: 3 }))
      .map(
        ([space, members]) =>
          `{${members.map(([key, one]) => `${space}${key}${space}:${space}${one}`).join(`${space},`)}${space}}`,
      ),
  ),
}));

/** All places in a text with how to get there. */
function* places(
  from: JsonText,
  span: Span,
  steps: readonly Step[] = [],
): Generator<{ span: Span; steps: readonly Step[] }> {
  yield { span, steps };
  for (const [key, member] of from.members(span)) yield* places(from, member, [...steps, key]);
  for (const [at, item] of from.items(span).entries()) yield* places(from, item, [...steps, at]);
}

/** The same change on the parsed value. */
function replaced(value: unknown, [step, ...rest]: readonly Step[], put: unknown): unknown {
  if (step === undefined) return put;
  if (Array.isArray(value)) return value.map((item: unknown, at) => (at === step ? replaced(item, rest, put) : item));
  const members = new Map<string, unknown>(Object.entries(Object(value) as object));
  members.set(String(step), replaced(members.get(String(step)), rest, put));
  return Object.fromEntries(members);
}

export const jsonText = fuzzTarget({
  name: "json-text",
  rule: "a value put into JSON text is what parsing, editing and writing it gives",
  testRuns: 300,
  inputs: fc.record({ before: spaces, source: json, behind: spaces, at: fc.nat(), put: json, adds: fc.boolean() }),
  kept: [],
  holds: ({ before, source, behind, at, put, adds }) => {
    const whole = new JsonText(Buffer.from(before + source + behind));
    const all = [...places(whole, whole.root)];
    const place = all[at % all.length];
    if (place === undefined) throw new Error("there is no root");
    const { span, steps } = place;
    const value: unknown = JSON.parse(source);
    if (adds && whole.text(span).startsWith("{")) {
      const added = JSON.parse(whole.spliced([whole.addition(span, "new \n", put)]).toString()) as unknown;
      deepStrictEqual(added, replaced(value, [...steps, "new \n"], JSON.parse(put)));
      return;
    }
    const result = whole.spliced([{ ...span, text: put }]).toString();
    deepStrictEqual(JSON.parse(result), replaced(value, steps, JSON.parse(put)));
    if (!result.startsWith(before) || !result.endsWith(behind)) throw new Error("what stands around it was changed");
  },
});

const one = { private: Buffer.from('{"schema_version":"1"}').toString("base64") };
const STATES = [
  stateBytes([resource({ instances: [instance(one), instance({ index_key: "k", deposed: "0af" })] })], { serial: 9 }),
  stateBytes([resource({ mode: "data" }), resource({ name: "two", module: 'module.a["]"]' })]),
];

/** The state with serial and private bytes, which may change, taken out. */
function withoutOurs(bytes: Uint8Array): unknown {
  return JSON.parse(Buffer.from(bytes).toString(), (key, value: unknown) =>
    key === "private" || key === "serial" ? "" : value,
  );
}

function addresses(bytes: Uint8Array): string[] {
  return readState(bytes).map(({ address }) => address);
}

export const stateEdit = fuzzTarget({
  name: "state-edit",
  rule: "any state is edited in its private bytes and serial and nowhere else, or is a named error",
  testRuns: 200,
  inputs: mutated(STATES),
  kept: [],
  holds: (bytes) => {
    const objects = orNamed({ type: RecordsError, codes: RECORDS_ERROR_CODES }, () => readState(bytes));
    if (objects === null) return;
    const store = new Map([["tagger", { version: 1, data: { a: 1 } }]]);
    const edited = orNamed({ type: MetadataError, codes: METADATA_ERROR_CODES }, () =>
      editState(bytes, objects, () => store),
    );
    if (edited?.text == null) return;
    deepStrictEqual(addresses(edited.text), addresses(bytes));
    const withPrivate = (from: unknown): string => JSON.stringify(from).replaceAll(/,?"private":""/g, "");
    deepStrictEqual(withPrivate(withoutOurs(edited.text)), withPrivate(withoutOurs(bytes)));
    const held = new Set(objects.filter((object) => edited.elsewhere.every(([other]) => other !== object)));
    const now = [...objects];
    const again = editState(edited.text, readState(edited.text), (_object, stored) => {
      const before = now.shift();
      if (before !== undefined && held.has(before)) deepStrictEqual(stored, store);
      return null;
    });
    deepStrictEqual(again.text, null);
  },
});
