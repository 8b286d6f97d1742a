import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DeclareError } from "../../src/declare/declare-error.js";
import { checkGraph, levels } from "../../src/declare/graph.js";

function node(name: string, after: string[] = [], line?: number) {
  return { name, after, location: line === undefined ? undefined : { file: "airlock.hcl", line, column: 1 } };
}

function fault(nodes: ReturnType<typeof node>[]): DeclareError {
  try {
    checkGraph(nodes);
  } catch (error) {
    if (error instanceof DeclareError) return error;
    throw error;
  }
  throw new Error("the graph has no fault");
}

describe("checkGraph", () => {
  test("passes names without edges, chains, and a diamond", () => {
    checkGraph([]);
    checkGraph([node("a"), node("b")]);
    checkGraph([node("d", ["b", "c"]), node("b", ["a"]), node("c", ["a"]), node("a")]);
  });

  test("two of one name: the error is at the second and tells where the first is", () => {
    const error = fault([node("a", [], 1), node("b", [], 5), node("a", [], 9)]);
    expect(error.code).toBe("DECLARE_DUPLICATE_NAME");
    expect(error.location?.line).toBe(9);
    expect(error.message).toContain("airlock.hcl:1:1");
  });

  test("an unknown name is told with the one that was probably meant", () => {
    const error = fault([node("logger"), node("b", ["loger"])]);
    expect(error).toMatchObject({ code: "DECLARE_UNKNOWN_AFTER", integration: "b" });
    expect(error.remedy).toContain('"logger"');
  });

  test("an integration does not suggest itself", () => {
    expect(fault([node("logger", ["loger"])]).remedy).not.toContain("logger");
  });

  test("a cycle is told with its chain, without what only leads into it", () => {
    const error = fault([node("lead", ["a"]), node("a", ["b"]), node("b", ["c"]), node("c", ["a"])]);
    expect(error.code).toBe("DECLARE_CYCLE");
    expect(error.message).toContain("a -> b -> c -> a");
    expect(error.message).not.toContain("lead");
  });

  test("an integration after itself is a cycle", () => {
    expect(fault([node("a", ["a"])]).message).toContain("a -> a");
  });

  test("all faults are told at once", () => {
    const error = fault([node("a", ["x"]), node("a", ["b"]), node("b", ["a"])]);
    const codes = [error, ...error.others].map(({ code }) => code);
    expect(codes).toEqual(["DECLARE_DUPLICATE_NAME", "DECLARE_UNKNOWN_AFTER", "DECLARE_CYCLE"]);
  });
});

describe("levels", () => {
  test("are the longest way, by the index of the declaration", () => {
    expect(levels([node("d", ["a", "c"]), node("a"), node("c", ["b"]), node("b", ["a"]), node("e")])).toEqual([
      3, 0, 2, 1, 0,
    ]);
  });

  test("a name given twice in one after counts once", () => {
    expect(levels([node("a"), node("b", ["a", "a"])])).toEqual([0, 1]);
  });

  test("a chain of ten thousand is no deep recursion", () => {
    const chain = Array.from({ length: 10_000 }, (_, index) => node(`n${index}`, index === 0 ? [] : [`n${index - 1}`]));
    checkGraph(chain);
    expect(levels(chain).at(-1)).toBe(9_999);
  });

  test("every declaration is one above the highest of those it names", () => {
    const graph = fc
      .integer({ min: 1, max: 12 })
      .chain((size) =>
        fc.tuple(
          ...Array.from({ length: size }, (_, index) =>
            fc.subarray(Array.from({ length: index }, (_unused, other) => `n${other}`)),
          ),
        ),
      );
    fc.assert(
      fc.property(graph, (edges) => {
        const nodes = edges.map((after, index) => node(`n${index}`, after));
        checkGraph(nodes);
        const found = levels(nodes);
        for (const [index, { after }] of nodes.entries()) {
          const above = after.map((name) => found[Number(name.slice(1))] ?? -1);
          expect(found[index]).toBe(Math.max(-1, ...above) + 1);
        }
      }),
    );
  });

  test("any edges at all end in levels or a named error", () => {
    const names = ["a", "b", "c", "d", "e"];
    const any = fc.array(fc.tuple(fc.constantFrom(...names), fc.subarray([...names, "x"])), { maxLength: 8 });
    fc.assert(
      fc.property(any, (pairs) => {
        const nodes = pairs.map(([name, after]) => node(name, after));
        try {
          checkGraph(nodes);
        } catch (error) {
          expect(error).toBeInstanceOf(DeclareError);
        }
        expect(levels(nodes)).toHaveLength(nodes.length);
      }),
    );
  });
});
