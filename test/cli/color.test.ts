import { describe, expect, it } from "vitest";
import { useColor } from "../../src/cli/io.js";
import { Captured } from "./fake-io.js";

describe("colour", () => {
  it.each([
    ["on a terminal", true, {}, true],
    ["not in a pipe", false, {}, false],
    ["not against NO_COLOR", true, { NO_COLOR: "1" }, false],
    ["on a terminal with an empty NO_COLOR", true, { NO_COLOR: "" }, true],
    ["not on a terminal that knows none", true, { TERM: "dumb" }, false],
  ])("is used %s", (_where, isTTY, env, expected) => {
    expect(useColor(new Captured(isTTY), env)).toBe(expected);
  });
});
