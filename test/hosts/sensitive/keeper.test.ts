import { describe, expect, it } from "vitest";
import { keeperOf } from "../../../src/hosts/sensitive/keeper.js";
import { secrets } from "./redacting.js";

const SECRET = "hunter2-very-secret";
const keeper = keeperOf(secrets(SECRET, "two words in it", "1234", 7_654_321));

describe("a text that an integration says", () => {
  it.each([
    ["of no secret", "all is well", "all is well"],
    ["with a secret", `password=${SECRET}, and more`, "(sensitive value) and more"],
    ["with one in base64", `is ${Buffer.from(`x${SECRET}`).toString("base64")}\n`, "is (sensitive value)\n"],
    ["with a number", "pin 7654321", "pin (sensitive value)"],
    ["with a secret of several words", "say: two words in it.", "(sensitive value)"],
    ["with a short secret", "1234", "1234"],
  ])("%s is %j, then %j", (_what, said, shown) => {
    expect(keeper.hide(said, false)).toBe(shown);
  });

  it("has no short secret as a word when the integration has a grant", () => {
    expect(keeper.hide("pin 1234 is x1234", true)).toBe("pin (sensitive value) is x1234");
  });
});

describe("a value that an integration says", () => {
  it.each([
    ["a text", { a: [`x${SECRET}`] }, true],
    ["a key", { a: { [SECRET]: 1 } }, true],
    ["a number", { a: 7_654_321 }, true],
    ["an encoded form", { a: Buffer.from(SECRET).toString("hex") }, true],
    ["no secret", { a: ["x", null, true, 1], b: { c: "hunter2" } }, false],
    ["a short secret", { pin: "1234" }, false],
  ])("holds %s", (_what, value, expected) => {
    expect(keeper.holds(value, false)).toBe(expected);
  });

  it("holds a short secret when the integration has a grant", () => {
    expect([{ pin: "1234" }, { "1234": 1 }, { pin: 1234 }].map((value) => keeper.holds(value, true))).toEqual([
      true,
      true,
      true,
    ]);
    expect(keeper.holds({ pin: "x1234" }, true)).toBe(false);
  });
});
