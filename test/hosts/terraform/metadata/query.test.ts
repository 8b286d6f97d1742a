import { describe, expect, it } from "vitest";
import { QUERY_LIMITS, runQuery } from "../../../../src/hosts/terraform/metadata/query.js";
import type { QueryLimits } from "../../../../src/hosts/terraform/metadata/query.js";
import { thrownCode } from "../../../support/codes.js";

const DATA = [
  { address: "a", data: { monthly: 5, tags: ["x"] } },
  { address: "b", data: { monthly: 50, tags: [] } },
];

describe("a query", () => {
  it.each([
    ["[?data.monthly > `10`].address", ["b"]],
    ["sum([].data.monthly)", 55],
    ["length(@)", 2],
    ["sort_by(@, &data.monthly)[-1].address", "b"],
    ["map(&data.monthly, @)", [5, 50]],
    ["let $limit = `10` in [?data.monthly < $limit].address", ["a"]],
    ["nothing.there", null],
  ])("%s finds what it asks for", (expression, found) => {
    expect(runQuery(expression, DATA)).toEqual(found);
  });

  it.each(["[?", "", "unknown_function(@)", "sum(@)", "constructor(@)", "$x"])(
    "that is wrong is named as such: %s",
    (expression) => {
      expect(thrownCode(() => runQuery(expression, DATA))).toBe("METADATA_ARGUMENTS");
    },
  );

  it("that nests too deeply to be read is wrong, too", () => {
    expect(thrownCode(() => runQuery("(".repeat(4000), DATA))).toBe("METADATA_ARGUMENTS");
  });

  it("changes no prototype", () => {
    runQuery("from_items([['__proto__', `{\"polluted\":1}`]])", DATA);
    runQuery('merge(@[0], {"__proto__": {polluted: `1`}})', DATA);
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  });
});

describe("what a query may cost", () => {
  /** The largest data or expression that is allowed, and one that is not. */
  const cases: [keyof QueryLimits, number, () => unknown, () => unknown][] = [
    [
      "expressionLength",
      4,
      () => runQuery("@[0]", [1], limits("expressionLength", 4)),
      () => runQuery("@[00]", [1], limits("expressionLength", 4)),
    ],
    [
      "items",
      3,
      () => runQuery("[]", [1, 2, 3], limits("items", 3)),
      () =>
        runQuery(
          "[]",
          [
            [1, 2],
            [3, 4],
          ],
          limits("items", 3),
        ),
    ],
    [
      "stringLength",
      4,
      () => runQuery("join('', @)", ["ab", "cd"], limits("stringLength", 4)),
      () => runQuery("join('', @)", ["ab", "cde"], limits("stringLength", 4)),
    ],
    [
      "resultBytes",
      10,
      () => runQuery("@", "abc", limits("resultBytes", 10)),
      () => runQuery("[@,@,@]", "abc", limits("resultBytes", 10)),
    ],
    ["depth", 2, () => runQuery("[[@]]", 1, limits("depth", 2)), () => runQuery("[[[@]]]", 1, limits("depth", 2))],
  ];

  function limits(name: keyof QueryLimits, value: number): QueryLimits {
    return { ...QUERY_LIMITS, [name]: value };
  }

  it.each(cases)("%s %j", (_name, _value, within, over) => {
    expect(within).not.toThrow();
    expect(thrownCode(over)).toBe("METADATA_ARGUMENTS");
  });

  it("is bounded in time, also inside functions and let", () => {
    const none = limits("timeMs", 0);
    for (const expression of ["@", "map(&@, @)", "let $a = @ in $a"]) {
      expect(thrownCode(() => runQuery(expression, [1], none))).toBe("METADATA_ARGUMENTS");
    }
    const slow = "map(&length(map(&to_string(@), $)), $)";
    const many = Array.from({ length: 3000 }, (_, at) => ({ at, text: "x".repeat(100) }));
    const started = performance.now();
    expect(thrownCode(() => runQuery(slow, many, limits("timeMs", 300)))).toBe("METADATA_ARGUMENTS");
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it("is bounded where a short expression makes a result that doubles and doubles", () => {
    const doubling = Array.from({ length: 60 }, () => "[@,@]").join("|");
    expect(thrownCode(() => runQuery(doubling, 1))).toBe("METADATA_ARGUMENTS");
  });
});
