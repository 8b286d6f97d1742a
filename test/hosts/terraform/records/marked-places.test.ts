import { describe, expect, it } from "vitest";
import { book, planOf, stateObject } from "./books.js";

const NOTHING = { before: [], after: [] };

describe("what core's records call sensitive", () => {
  it("is nothing at an address that they do not have, or without an address", () => {
    expect(book().sensitiveOf("mock_thing.one")).toEqual(NOTHING);
    expect(book().sensitiveOf(null)).toEqual(NOTHING);
  });

  it("of a state counts for before and after", () => {
    const known = book();
    known.addState([stateObject({ sensitive: [["a"], ["b", 0]] })]);
    const paths = [["a"], ["b", 0]];
    expect(known.sensitiveOf("mock_thing.one")).toEqual({ before: paths, after: paths });
  });

  it("of a state is looked for where core will move the object", () => {
    const known = book();
    known.addState([stateObject({ sensitive: [["a"]] })], () => "mock_thing.two");
    expect(known.sensitiveOf("mock_thing.one")).toEqual(NOTHING);
    expect(known.sensitiveOf("mock_thing.two").before).toEqual([["a"]]);
  });

  it("of a plan takes the place of what the state said", () => {
    const known = book();
    known.addState([stateObject({ sensitive: [["old"]] })]);
    known.addPlan(planOf({ beforeSensitive: [["old"]], afterSensitive: [["new"]] }));
    expect(known.sensitiveOf("mock_thing.one")).toEqual({ before: [["old"]], after: [["new"]] });
  });

  it("stays what the state said where the plan says nothing", () => {
    const known = book();
    known.addState([stateObject({ sensitive: [["old"]] })]);
    known.addPlan(planOf({}));
    expect(known.sensitiveOf("mock_thing.one").after).toEqual([["old"]]);
  });

  it.each([
    ["state", "first"],
    ["state", "last"],
    ["plan", "first"],
    ["plan", "last"],
  ])("is that of the current object and of its deposed ones together (%s, deposed %s)", (record, order) => {
    const known = book();
    const current = ["current"];
    const old = ["old"];
    const inOrder = <T>(objects: T[]): T[] => (order === "first" ? objects.reverse() : objects);
    if (record === "state") {
      known.addState(
        inOrder([stateObject({ sensitive: [current] }), stateObject({ sensitive: [old], deposed: "01" })]),
      );
    } else {
      known.addPlan(planOf(...inOrder([{ afterSensitive: [current] }, { afterSensitive: [old], deposed: "01" }])));
    }
    expect(known.sensitiveOf("mock_thing.one").after).toEqual(expect.arrayContaining([current, old]));
  });
});

describe("a tainted object", () => {
  it("is told with what the state has of it", () => {
    const known = book();
    known.addState([stateObject({ tainted: true, attributes: { id: "half" } })]);
    expect(known.taintedAt("mock_thing.one")).toMatchObject({ attributes: { id: "half" } });
  });

  it("is none that is whole, or deposed", () => {
    const known = book();
    known.addState([stateObject(), stateObject({ tainted: true, deposed: "01" })]);
    expect(known.taintedAt("mock_thing.one")).toBeUndefined();
    expect(known.taintedAt("mock_thing.two")).toBeUndefined();
  });
});
