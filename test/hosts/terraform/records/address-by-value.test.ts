import { describe, expect, it } from "vitest";
import { book, privateOf, stateObject } from "./books.js";

const VALUE = { id: "i-1", tags: { b: "2", a: "1" } };

describe("an object without an id", () => {
  it("is the one that has its value, whatever the order of keys", () => {
    const known = book();
    known.addState([stateObject({ attributes: VALUE }), stateObject({ address: "mock_thing.two" })]);
    const same = { tags: { a: "1", b: "2" }, id: "i-1" };
    expect(known.ofObject("managed", "mock_thing", null, same)).toMatchObject({ address: "mock_thing.one" });
  });

  it("is nowhere when its value, type or mode is another", () => {
    const known = book();
    known.addState([stateObject({ attributes: VALUE })]);
    for (const [mode, type, value] of [
      ["managed", "mock_thing", { ...VALUE, id: "i-2" }],
      ["managed", "mock_other", VALUE],
      ["data", "mock_thing", VALUE],
    ] as const) {
      expect(known.ofObject(mode, type, null, value)).toEqual({ address: null, candidates: [], alias: undefined });
    }
  });

  it("is one of several that look the same: the blocks are told, and no guess is made", () => {
    const known = book();
    known.addState(
      ["mock_thing.one[0]", "mock_thing.one[1]", 'module.m["x"].mock_thing.two'].map((address) =>
        stateObject({ address, attributes: VALUE }),
      ),
    );
    expect(known.ofObject("managed", "mock_thing", null, VALUE)).toEqual({
      address: null,
      candidates: ["mock_thing.one", "module.m.mock_thing.two"],
      alias: null,
    });
  });

  it("is told no more than a hundred blocks that it can be", () => {
    const known = book();
    known.addState(
      Array.from({ length: 150 }, (_, at) => stateObject({ address: `mock_thing.n${at}`, attributes: VALUE })),
    );
    const { address, candidates } = known.ofObject("managed", "mock_thing", null, VALUE);
    expect([address, candidates.length]).toEqual([null, 100]);
  });

  it("has no alias when those that look the same have different ones", () => {
    const known = book();
    known.addState([
      stateObject({ attributes: VALUE }),
      stateObject({ attributes: VALUE, address: "mock_thing.two", provider: { source: "s", alias: "eu" } }),
    ]);
    expect(known.ofObject("managed", "mock_thing", null, VALUE).alias).toBeUndefined();
  });

  it("is not in doubt because the same object was seen before", () => {
    const known = book();
    known.addState([stateObject({ attributes: VALUE })]);
    known.addState([stateObject({ attributes: VALUE })]);
    expect(known.ofObject("managed", "mock_thing", null, VALUE).address).toBe("mock_thing.one");
  });

  it("is told by its value even when its id is of another run", () => {
    const known = book();
    known.addState([stateObject({ attributes: VALUE, private: privateOf("here") })]);
    expect(known.ofObject("managed", "mock_thing", "elsewhere", VALUE).address).toBe("mock_thing.one");
  });
});

describe("an object that core imports", () => {
  it("is where it will be, when only one of its type is", () => {
    const known = book();
    known.addComing(["mock_thing.new", "mock_other.new"]);
    expect(known.ofObject("managed", "mock_thing", null, VALUE)).toMatchObject({ address: "mock_thing.new" });
    expect(known.ofObject("managed", "mock_third", null, VALUE)).toMatchObject({ address: null, candidates: [] });
    expect(known.ofObject("data", "mock_thing", null, VALUE)).toMatchObject({ address: null, candidates: [] });
  });

  it("is in doubt when several of its type are imported", () => {
    const known = book();
    known.addComing(["mock_thing.a", "mock_thing.b[0]"]);
    expect(known.ofObject("managed", "mock_thing", null, VALUE)).toMatchObject({
      address: null,
      candidates: ["mock_thing.a", "mock_thing.b"],
    });
  });

  it("is none that the state has", () => {
    const known = book();
    known.addComing(["mock_thing.new"]);
    known.addState([stateObject({ attributes: VALUE })]);
    expect(known.ofObject("managed", "mock_thing", null, VALUE).address).toBe("mock_thing.one");
  });
});

describe("a value that was noted", () => {
  it("gets its address from a state that has it", () => {
    const known = book();
    known.note("an.id", "data", "mock_thing", VALUE);
    expect(known.ofId("an.id")).toBeUndefined();
    known.addState([stateObject({ mode: "data", address: "data.mock_thing.one", attributes: VALUE })]);
    expect(known.ofId("an.id")).toEqual({ address: "data.mock_thing.one", alias: null });
  });

  it("gets it also when the state before had it in the same place", () => {
    const known = book();
    const object = stateObject({ mode: "data", address: "data.mock_thing.one", attributes: VALUE });
    known.addState([object]);
    known.note("an.id", "data", "mock_thing", VALUE);
    known.addState([object]);
    expect(known.ofId("an.id")?.address).toBe("data.mock_thing.one");
  });

  it("gets none when two objects have it", () => {
    const known = book();
    known.note("an.id", "managed", "mock_thing", VALUE);
    known.addState([stateObject({ attributes: VALUE }), stateObject({ attributes: VALUE, address: "mock_thing.two" })]);
    expect(known.ofId("an.id")).toBeUndefined();
  });

  it("yields to the id itself", () => {
    const known = book();
    known.note("an.id", "managed", "mock_thing", VALUE);
    known.addState([
      stateObject({ attributes: VALUE, address: "mock_thing.two" }),
      stateObject({ attributes: {}, private: privateOf("an.id") }),
    ]);
    expect(known.ofId("an.id")?.address).toBe("mock_thing.one");
  });
});
