import { describe, expect, it } from "vitest";
import { book, planOf, privateOf, stateObject } from "./books.js";

const NOWHERE = { address: null, candidates: [], alias: undefined };

describe("an object whose id stands in the state", () => {
  it("is where the state has it, whatever its value became", () => {
    const known = book();
    known.addState([stateObject({ private: privateOf("a") })]);
    expect(known.ofObject("managed", "mock_thing", "a", { id: "other" })).toEqual({
      address: "mock_thing.one",
      candidates: [],
      alias: null,
    });
    expect(known.ofId("a")).toEqual({ address: "mock_thing.one", alias: null });
  });

  it("is of the provider configuration that the state names", () => {
    const known = book();
    known.addState([stateObject({ private: privateOf("a"), provider: { source: "s", alias: "eu" } })]);
    known.addState([stateObject({ private: privateOf("b"), provider: null })]);
    expect(known.ofId("a")?.alias).toBe("eu");
    expect(known.ofId("b")?.alias).toBeUndefined();
  });

  it("is where core will move it", () => {
    const known = book();
    known.addState([stateObject({ private: privateOf("a") })], () => "mock_thing.two");
    expect(known.ofId("a")?.address).toBe("mock_thing.two");
  });

  it("stays where it is when something else stands where it would be moved to", () => {
    const known = book();
    const objects = [
      stateObject({ private: privateOf("a") }),
      stateObject({ private: privateOf("b"), address: "mock_thing.two" }),
    ];
    known.addState(objects, (address) => address.replace("one", "two"));
    expect([known.ofId("a")?.address, known.ofId("b")?.address]).toEqual(["mock_thing.one", "mock_thing.two"]);
  });

  it("may take the place of one that is moved away itself", () => {
    const known = book();
    const objects = [
      stateObject({ private: privateOf("a") }),
      stateObject({ private: privateOf("b"), address: "mock_thing.two" }),
    ];
    const next = new Map([
      ["mock_thing.one", "mock_thing.two"],
      ["mock_thing.two", "mock_thing.three"],
    ]);
    known.addState(objects, (address) => next.get(address) ?? address);
    expect([known.ofId("a")?.address, known.ofId("b")?.address]).toEqual(["mock_thing.two", "mock_thing.three"]);
  });

  it("is in doubt when another has the same id, as after a copy by hand", () => {
    const known = book();
    const copies = ["mock_thing.one", "mock_thing.two", "mock_thing.three"].map((address) =>
      stateObject({ address, private: privateOf("a"), attributes: { id: address } }),
    );
    known.addState(copies);
    expect(known.ofId("a")).toBeUndefined();
    expect(known.ofObject("managed", "mock_thing", "a", { id: "mock_thing.two" }).address).toBe("mock_thing.two");
    expect(known.ofObject("managed", "mock_thing", "a", { id: "new" })).toEqual(NOWHERE);
  });

  it("is not in doubt for a deposed object of the same address", () => {
    const known = book();
    known.addState([stateObject({ private: privateOf("a") }), stateObject({ private: privateOf("a"), deposed: "01" })]);
    expect(known.ofId("a")?.address).toBe("mock_thing.one");
  });

  it("is where the newer state has it when another is taken in", () => {
    const known = book();
    known.addState([stateObject({ private: privateOf("a") })]);
    known.addState([stateObject({ private: privateOf("a"), address: "mock_thing.two" })]);
    expect(known.ofId("a")?.address).toBe("mock_thing.two");
  });
});

describe("an object whose id stands in the plan", () => {
  it("is where the plan has it, before the state's own word", () => {
    const known = book();
    known.addState([stateObject({ private: privateOf("a") })]);
    known.addPlan(planOf({ private: privateOf("a"), address: 'mock_thing.two["k"]' }));
    expect(known.ofId("a")).toEqual({ address: 'mock_thing.two["k"]', alias: null });
  });

  it.each([{ isNoOp: true }, { isDelete: true }, { deposed: "01" }, { address: "data.mock_thing.one" }])(
    "is told also when it is %j",
    (parts) => {
      const known = book();
      known.addPlan(planOf({ ...parts, private: privateOf("a") }));
      expect(known.ofId("a")?.address).toBe(parts.address ?? "mock_thing.one");
    },
  );
});

describe("an id that nothing has", () => {
  it("tells nothing", () => {
    const known = book();
    known.addState([stateObject({ private: Buffer.from("destroy planned") })]);
    known.addPlan(planOf({ private: Buffer.from("{}") }));
    expect(known.ofId("a")).toBeUndefined();
    expect(known.ofObject("managed", "mock_thing", "a", { id: "unknown" })).toEqual(NOWHERE);
  });
});
