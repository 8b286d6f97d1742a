import { describe, expect, it } from "vitest";
import { AddressBook } from "../../../../src/hosts/terraform/records/address-book.js";
import { book } from "./books.js";

describe("an object that is only in the configuration", () => {
  it("is at the one block that it can come from", () => {
    const known = book({ address: "mock_thing.one", single: true, alias: "eu" });
    expect(known.ofConfig("managed", "mock_thing", {})).toEqual({
      address: "mock_thing.one",
      candidates: [],
      alias: "eu",
    });
  });

  it("is in doubt at a block with several instances", () => {
    const known = book({ address: "mock_thing.one", single: false, alias: null });
    expect(known.ofConfig("managed", "mock_thing", {})).toEqual({
      address: null,
      candidates: ["mock_thing.one"],
      alias: null,
    });
  });

  it("is in doubt between blocks, all of which are told", () => {
    const known = book(
      { address: "mock_thing.one", single: true, alias: null },
      { address: "module.m.mock_thing.two", single: true, alias: "eu" },
    );
    expect(known.ofConfig("managed", "mock_thing", {})).toEqual({
      address: null,
      candidates: ["mock_thing.one", "module.m.mock_thing.two"],
      alias: undefined,
    });
  });

  it("is nowhere when no block can be meant", () => {
    expect(book().ofConfig("data", "mock_thing", {})).toEqual({ address: null, candidates: [], alias: undefined });
  });

  it("is looked for with its mode, its type and what is known of its configuration", () => {
    const asked: unknown[] = [];
    const known = new AddressBook({
      find: (...question) => {
        asked.push(question);
        return [];
      },
    });
    known.ofConfig("data", "mock_thing", { a: 1 });
    expect(asked).toEqual([["data", "mock_thing", { a: 1 }]]);
  });
});
