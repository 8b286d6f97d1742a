import { describe, expect, it } from "vitest";
import { toAction } from "../../../src/hosts/plan-file/actions.js";

describe("the action of a change", () => {
  it.each([
    [["no-op"], "no-op"],
    [["create"], "create"],
    [["read"], "read"],
    [["update"], "update"],
    [["delete"], "delete"],
    [["delete", "create"], "replace"],
    [["create", "delete"], "replace"],
    [["forget"], "no-op"],
    [["forget", "create"], "create"],
    [["create", "forget"], "create"],
  ])("%j is %s", (actions, expected) => {
    expect(toAction(actions)).toBe(expected);
  });

  it.each([[[]], [["open"]], [["delete", "update"]], [["create", "create"]]])("%j is unknown", (actions) => {
    expect(toAction(actions)).toBe(null);
  });
});
