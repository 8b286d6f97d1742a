import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import {
  readApplyResponse,
  readImportResponse,
  readPlanResponse,
  readReadResponse,
} from "../../../src/hosts/terraform/tfplugin/calls.js";
import { diagnosticsOf, diagnosticsSuffix } from "../../../src/hosts/terraform/tfplugin/diagnostics.js";
import type { Diagnostic } from "../../../src/hosts/terraform/tfplugin/diagnostics.js";
import { privateSuffix, withRequestPrivate } from "../../../src/hosts/terraform/tfplugin/private-field.js";
import { concat } from "../../../src/hosts/terraform/tfplugin/protobuf.js";
import { integrationBlockFor, ProviderSchema } from "../../../src/hosts/terraform/tfplugin/provider-schema.js";
import { TFPLUGIN_ERROR_CODES, TfpluginError } from "../../../src/hosts/terraform/tfplugin/tfplugin-error.js";
import { realSchema, recorded, VERSIONS } from "../../hosts/terraform/tfplugin/fixtures.js";
import { base64, decode } from "../../hosts/terraform/tfplugin/oracle.js";
import { orNamed } from "../expected-error.js";
import { mutated } from "../mutated.js";
import { fieldsOf } from "../protobuf-fields.js";
import type { RawField } from "../protobuf-fields.js";
import { fuzzTarget } from "../target.js";

const NAMED = { type: TfpluginError, codes: TFPLUGIN_ERROR_CODES };
const LENGTH_DELIMITED = 2;

const readPlan = (response: Uint8Array) => {
  const { plannedPrivate, diagnostics } = readPlanResponse(response);
  return { private: plannedPrivate, diagnostics };
};

/** Calls with private bytes: their fields in request and answer, and how the oracle names them. */
const CALLS = {
  plan: { request: 5, response: 3, read: readPlan, message: "PlanResponse", field: "planned_private" },
  apply: { request: 5, response: 2, read: readApplyResponse, message: "ApplyResponse", field: "private" },
  read: { request: 3, response: 3, read: readReadResponse, message: "ReadResponse", field: "private" },
} as const;

const text = fc.string({ unit: "grapheme", maxLength: 12 });
const PLAIN = { noNullPrototype: true } as const;
const step = fc.oneof(fc.record({ attribute: text }, PLAIN), fc.record({ key: fc.oneof(text, fc.integer()) }, PLAIN));
const diagnostic: fc.Arbitrary<Diagnostic> = fc.record(
  {
    severity: fc.constantFrom("error", "warning"),
    summary: text,
    detail: text,
    path: fc.option(fc.array(step, { maxLength: 3 })),
  },
  PLAIN,
);
const bytesOf = (names: readonly string[]): Buffer[] =>
  VERSIONS.flatMap((version) => names.map((name) => recorded.message(version, name)));

/** An oracle that believes no wire type reads other bytes for a known field that has another one. */
function hasOwnWireTypes(fields: readonly RawField[], ours: number): boolean {
  return fields.every(([number, wire]) => number > 4 || number === ours || wire === LENGTH_DELIMITED);
}

function decoded(message: string, bytes: Uint8Array): Record<string, unknown> | null {
  try {
    return decode(message, bytes);
  } catch {
    return null;
  }
}

export const privateField = fuzzTarget({
  name: "protobuf-request",
  rule: "a request with other private bytes has all its other fields, each as it was",
  testRuns: 300,
  inputs: fc.record({
    method: fc.constantFrom("plan", "apply", "read"),
    request: mutated(bytesOf(["planRequest", "applyRequest", "readRequest"])),
    put: fc.uint8Array({ maxLength: 20 }),
  }),
  kept: [],
  holds: ({ method, request, put }) => {
    const spliced = orNamed(NAMED, () => withRequestPrivate(method, request, put));
    const before = fieldsOf(request);
    if (before === null) return;
    const number = CALLS[method].request;
    const added: RawField[] = put.length === 0 ? [] : [[number, LENGTH_DELIMITED, Buffer.from(put).toString("hex")]];
    deepStrictEqual(spliced && fieldsOf(spliced), [...before.filter((field) => field[0] !== number), ...added]);
  },
});

export const suffixes = fuzzTarget({
  name: "protobuf-response",
  rule: "what is appended to an answer replaces its private bytes and adds diagnostics; all else decodes as it did",
  testRuns: 300,
  inputs: fc.record({
    method: fc.constantFrom("plan", "apply", "read"),
    response: mutated(bytesOf(["planResponse", "applyResponse", "readResponse"])),
    put: fc.uint8Array({ maxLength: 20 }),
    diagnostics: fc.array(diagnostic, { maxLength: 3 }),
  }),
  kept: [],
  holds: ({ method, response, put, diagnostics }) => {
    const { read, message, field, response: number } = CALLS[method];
    const after = concat(response, privateSuffix(method, put), diagnosticsSuffix(method, diagnostics));
    const before = orNamed(NAMED, () => read(response));
    if (before === null) return;
    const whole = read(after);
    deepStrictEqual(Buffer.from(whole.private), Buffer.from(put));
    deepStrictEqual(whole.diagnostics, [...before.diagnostics, ...diagnostics]);
    const fields = fieldsOf(response);
    if (fields === null || !hasOwnWireTypes(fields, number)) return;
    const [oracleBefore, oracleAfter] = [decoded(message, response), decoded(message, after)];
    if (oracleBefore === null) return;
    const { diagnostics: oldOnes = [], ...rest } = oracleBefore;
    const { diagnostics: newOnes = [], ...others } = oracleAfter ?? {};
    deepStrictEqual({ [field]: "", ...others }, { ...rest, [field]: base64(put) });
    if (!Array.isArray(oldOnes) || !Array.isArray(newOnes)) throw new Error("the oracle gives no list");
    deepStrictEqual(newOnes.slice(0, oldOnes.length), oldOnes);
    deepStrictEqual(newOnes.length, oldOnes.length + diagnostics.length);
  },
});

export const schemas = fuzzTarget({
  name: "protobuf-schema",
  rule: "any answer of a provider to GetSchema is read or is a TfpluginError, and our block is added to what was there",
  testRuns: 100,
  inputs: fc.record({
    version: fc.constantFrom(...VERSIONS),
    response: mutated([...bytesOf(["schema"]), realSchema("time 0.14.2"), realSchema("local 1.4.0")], 3),
  }),
  kept: [],
  holds: ({ version, response }) => {
    const schema = orNamed(NAMED, () => new ProviderSchema(response, version));
    for (const type of schema?.resourceTypes ?? []) orNamed(NAMED, () => schema?.resource(type));
    for (const type of schema?.dataSourceTypes ?? []) orNamed(NAMED, () => schema?.dataSource(type));
    orNamed(NAMED, () => readImportResponse(response));
    for (const method of ["schema", "plan", "import"] as const) orNamed(NAMED, () => diagnosticsOf(method, response));
    const block = orNamed(NAMED, () => integrationBlockFor(response));
    if (block?.kind !== "added") return;
    const before = fieldsOf(response);
    const after = fieldsOf(concat(response, block.suffix));
    if (before !== null) deepStrictEqual(after?.slice(0, before.length), before);
    if (orNamed(NAMED, () => schema?.config) === null || schema === null) return;
    const config = new ProviderSchema(concat(response, block.suffix), version).config;
    deepStrictEqual([...config.attributes], [...schema.config.attributes]);
    deepStrictEqual([...config.blocks.keys()], [...schema.config.blocks.keys(), "integration"]);
  },
});
