import { describe, expect, it } from "vitest";
import { byObject, readMetadata } from "../../../../src/hosts/terraform/metadata/read-metadata.js";
import { annotateShow, annotateState, summaryOf } from "../../../../src/hosts/terraform/metadata/show-documents.js";
import { readState } from "../../../../src/hosts/terraform/records/state-file.js";
import { resource, stateBytes } from "../records/states.js";
import { holding, kept, stateOf, stored } from "./stored-states.js";

const KEY = "integration_metadata";

/** A document without any of our keys. */
function without(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).filter(([key]) => key !== KEY));
  });
}

const item = (address: string, parts: object = {}) => ({ address, mode: "managed", ...parts });
const MODULES = {
  root_module: {
    resources: [item("a.a"), item("a.a", { deposed_key: "ab12" }), item("a.b")],
    child_modules: [
      {
        address: "module.m",
        resources: [item("module.m.a.a")],
        child_modules: [{ resources: [item("module.m.module.n.a.a")] }],
      },
    ],
  },
};

describe("show -json of a state", () => {
  const text = JSON.stringify({
    format_version: "1.0",
    values: { outputs: { big: { value: 1 } }, ...MODULES },
  }).replace('"value":1', '"value":12345678901234567890.10');
  const state = new Map([
    ["a.a", stored({ cost: { n: 1 } })],
    ["a.a\nab12", stored({ cost: { n: 2 } })],
    ["module.m.module.n.a.a", stored({ cost: { n: 3 }, owner: { t: "x" } })],
  ]);
  const annotated = annotateShow(Buffer.from(text), { state, planned: null }).toString();

  it("has what is stored at each object, those of modules and deposed ones too", () => {
    const found = [...annotated.matchAll(/"address":"([^"]+)"[^{}]*"integration_metadata":(\{.*?\}\})/g)];
    expect(found.map(([, address, data]) => `${address ?? ""} ${data ?? ""}`)).toEqual([
      'a.a {"cost":{"n":1}}',
      'a.a {"cost":{"n":2}}',
      'module.m.module.n.a.a {"cost":{"n":3},"owner":{"t":"x"}}',
    ]);
  });

  it("says at its top how much there is", () => {
    expect((JSON.parse(annotated) as Record<string, unknown>)[KEY]).toEqual({
      resources: 3,
      integrations: { cost: { resources: 3 }, owner: { resources: 1 } },
    });
  });

  it("is core's own without our keys, digits and all", () => {
    expect(without(annotated)).toEqual(JSON.parse(text));
    expect(annotated).toContain("12345678901234567890.10");
  });
});

describe("show -json of a plan", () => {
  it("has what was stored in what was, and what will be in what will be", () => {
    const document = {
      format_version: "1.2",
      planned_values: { root_module: { resources: [item("a.a")] } },
      resource_drift: [item("a.a", { change: {} })],
      resource_changes: [item("a.a"), item("a.a", { deposed: "ab12" }), item("a.new")],
      prior_state: { values: { root_module: { resources: [item("a.a")] } } },
    };
    const state = new Map([["a.a", stored({ cost: { of: "before" } })]]);
    const planned = new Map([
      ["a.a", stored({ cost: { of: "after" } })],
      ["a.a\nab12", stored({ cost: { of: "deposed" } })],
      ["a.new", stored({ cost: { of: "new" } })],
    ]);
    const annotated = annotateShow(Buffer.from(JSON.stringify(document)), { state, planned }).toString();
    const of = (part: unknown) => [...JSON.stringify(part).matchAll(/"of":"(\w+)"/g)].map(([, what]) => what);
    const parts = JSON.parse(annotated) as Record<string, unknown>;
    expect(of(parts["planned_values"])).toEqual(["after"]);
    expect(of(parts["prior_state"])).toEqual(["before"]);
    expect(of(parts["resource_drift"])).toEqual(["before"]);
    expect(of(parts["resource_changes"])).toEqual(["after", "deposed", "new"]);
    expect(parts[KEY]).toMatchObject({ resources: 3 });
    expect(without(annotated)).toEqual(document);
  });
});

describe("any other JSON of core", () => {
  it.each([
    "{}",
    '{"values":null}',
    '{"values":{"root_module":{"resources":[{},7,{"address":5}]}}}',
    '{"resource_changes":{}}',
  ])("loses nothing: %s", (text) => {
    const annotated = annotateShow(Buffer.from(text), { state: new Map([["a.a", stored({ c: {} })]]), planned: null });
    expect(without(annotated.toString())).toEqual(JSON.parse(text));
  });
});

describe("what stands in a document", () => {
  it("cannot deceive a terminal, and is the same value", () => {
    const data = { text: "\u001b[31m\u202e\u2028" };
    const state = new Map([["a.a", stored({ cost: data })]]);
    const text = JSON.stringify({ values: { root_module: { resources: [item("a.a")] } } });
    const annotated = annotateShow(Buffer.from(text), { state, planned: null }).toString();
    expect(annotated).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}]/u);
    expect(annotated).toContain(String.raw`"text":"\u001b[31m\u202e\u2028"`);
  });

  it("counts names of prototypes as any others", () => {
    const names = new Map([["__proto__", { version: 0, data: {} }]]);
    expect(JSON.stringify(summaryOf(new Map([["a.a", names]])))).toBe(
      '{"resources":1,"integrations":{"__proto__":{"resources":1}}}',
    );
  });
});

describe("state pull", () => {
  it("has what is stored beside the private bytes of each instance, and all else as it was", () => {
    const many = resource({
      instances: [kept("{}", { index_key: 0 }), kept(holding({ cost: { n: 2 } }), { index_key: 1 })],
    });
    const ignored = resource({ mode: "ephemeral" });
    const bytes = stateBytes([ignored, many]);
    const objects = readState(bytes);
    const annotated = annotateState(bytes, objects, byObject(readMetadata(objects, null).rows)).toString();
    expect(without(annotated)).toEqual(JSON.parse(bytes.toString()));
    expect(annotated.match(/integration_metadata/g)).toHaveLength(1);
    expect(readMetadata(readState(Buffer.from(annotated)), null)).toEqual(readMetadata(objects, null));
  });

  it("is byte for byte what it was where nothing is stored", () => {
    const bytes = stateOf({ a: kept(), b: kept("plain") });
    expect(annotateState(bytes, readState(bytes), new Map()).equals(bytes)).toBe(true);
    expect(annotateState(Buffer.alloc(0), [], new Map())).toHaveLength(0);
  });
});
