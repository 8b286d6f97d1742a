import { describe, expect, it } from "vitest";
import { readState } from "../../../../src/hosts/terraform/records/state-file.js";
import { attribute, index, instance, resource, stateBytes } from "./states.js";

describe("a state", () => {
  it("gives its objects with address, mode, type, provider and attributes", () => {
    expect(readState(stateBytes([resource()]))).toEqual([
      {
        address: "mock_thing.one",
        mode: "managed",
        type: "mock_thing",
        provider: { source: "registry.opentofu.org/hashicorp/mock", alias: null },
        deposed: null,
        attributes: { id: "i-1" },
        private: Buffer.alloc(0),
        tainted: false,
        sensitive: [],
      },
    ]);
  });

  it("that is empty, or holds nothing, has none", () => {
    expect(readState(new Uint8Array(0))).toEqual([]);
    expect(readState(stateBytes())).toEqual([]);
    expect(readState(Buffer.from('{"version":4}'))).toEqual([]);
    expect(readState(Buffer.from('{"version":4,"resources":null}'))).toEqual([]);
    expect(readState(stateBytes([resource({ instances: null })]))).toEqual([]);
  });

  it.each<[string, object, object]>([
    ["mock_thing.one", {}, {}],
    ["mock_thing.one[0]", {}, { index_key: 0 }],
    ['mock_thing.one["0"]', {}, { index_key: "0" }],
    ['mock_thing.one["a.\\"$${\\u00a0"]', {}, { index_key: 'a."${\u00a0' }],
    ["module.a.mock_thing.one", { module: "module.a" }, {}],
    ['module.a["x"].module.b.mock_thing.one[1]', { module: 'module.a["x"].module.b' }, { index_key: 1 }],
    ["data.mock_thing.one", { mode: "data" }, {}],
    ["module.a.data.mock_thing.one[2]", { mode: "data", module: "module.a" }, { index_key: 2 }],
  ])("spells the address %s as core does", (address, parts, key) => {
    expect(readState(stateBytes([resource({ ...parts, instances: [instance(key)] })]))).toMatchObject([{ address }]);
  });

  it("keeps the order of objects and of instances", () => {
    const both = [0, 1].map((index_key) => instance({ index_key }));
    const objects = readState(stateBytes([resource({ name: "b", instances: both }), resource({ name: "a" })]));
    expect(objects.map(({ address }) => address)).toEqual(["mock_thing.b[0]", "mock_thing.b[1]", "mock_thing.a"]);
  });

  it("tells an object that was deposed, or tainted, from the current one", () => {
    const instances = [
      instance(),
      instance({ deposed: "0000000a", status: "tainted" }),
      instance({ status: "tainted" }),
    ];
    expect(readState(stateBytes([resource({ instances })]))).toMatchObject([
      { deposed: null, tainted: false },
      { deposed: "0000000a", tainted: true },
      { deposed: null, tainted: true },
    ]);
  });

  it("gives private bytes decoded", () => {
    const bytes = Uint8Array.of(0, 1, 254, 255);
    const instances = [instance({ private: Buffer.from(bytes).toString("base64") })];
    const [object] = readState(stateBytes([resource({ instances })]));
    expect([...(object?.private ?? [])]).toEqual([...bytes]);
  });

  it.each([
    ['provider["registry.opentofu.org/hashicorp/mock"].eu', "eu"],
    ['module.a.provider["registry.opentofu.org/hashicorp/mock"]', null],
  ])("knows the alias in %s", (provider, alias) => {
    expect(readState(stateBytes([resource({ provider })]))).toMatchObject([{ provider: { alias } }]);
  });

  it.each(["", "provider.mock", "nonsense"])("has no provider where %j stands for one", (provider) => {
    expect(readState(stateBytes([resource({ provider })]))).toMatchObject([{ provider: null }]);
  });

  it("leaves out modes that are newer than we are", () => {
    const objects = readState(stateBytes([resource({ mode: "ephemeral" }), resource({ name: "two" })]));
    expect(objects.map(({ address }) => address)).toEqual(["mock_thing.two"]);
  });

  it("of an object without attributes has null", () => {
    const instances = [instance({ attributes: undefined }), instance({ attributes: null })];
    expect(readState(stateBytes([resource({ instances })]))).toMatchObject([
      { attributes: null },
      { attributes: null },
    ]);
  });

  it("keeps keys of Object.prototype ordinary keys", () => {
    const attributes: unknown = JSON.parse('{"tags":{"__proto__":"a","constructor":"b"}}');
    const [object] = readState(Buffer.from(stateBytes([resource({ instances: [instance({ attributes })] })])));
    expect(JSON.stringify(object?.attributes)).toBe('{"tags":{"__proto__":"a","constructor":"b"}}');
  });
});

describe("sensitive places of a state", () => {
  const placesOf = (...sensitive_attributes: readonly unknown[]) =>
    readState(stateBytes([resource({ instances: [instance({ sensitive_attributes })] })]))[0]?.sensitive;

  it("are paths of names and keys", () => {
    expect(placesOf([attribute("a")], [attribute("tags"), index("x.y")], [attribute("list"), index(3)])).toEqual([
      ["a"],
      ["tags", "x.y"],
      ["list", 3],
    ]);
  });

  it("end in front of a step that is no plain name or key, so that more is sensitive", () => {
    for (const step of [index({ a: 1 }, "object"), index(null), index(-1), index(1.5), index(true)]) {
      expect(placesOf([attribute("set"), step, attribute("x")])).toEqual([["set"]]);
    }
  });

  it("can be the whole object", () => {
    expect(placesOf([])).toEqual([[]]);
  });

  it("are none where older cores say nothing of them", () => {
    for (const sensitive_attributes of [undefined, null]) {
      const state = stateBytes([resource({ instances: [instance({ sensitive_attributes })] })]);
      expect(readState(state)).toMatchObject([{ sensitive: [] }]);
    }
  });
});
