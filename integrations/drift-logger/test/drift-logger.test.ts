import { describe, expect, it } from "vitest";
import type { Verdict } from "../../../src/protocol/verdict.js";
import { initializeAnswer, resource, RUN, verdictsOf } from "../../../test/samples/harness.js";

async function refreshed(before: unknown, after: unknown, over: Record<string, unknown> = {}): Promise<Verdict> {
  const event = resource({ action: "update", before, after, ...over });
  const [verdict] = await verdictsOf("drift-logger", {}, ["post-refresh-resource", event]);
  if (verdict === undefined) throw new Error("there is no verdict");
  return verdict;
}

/** What an earlier run stored; the integration is called `sample` here. */
function stored(own: unknown): Record<string, unknown> {
  return { metadata: { sample: own } };
}

async function pathsOf(before: unknown, after: unknown): Promise<unknown> {
  const { metadata } = await refreshed(before, after);
  return metadata?.["last"];
}

describe("drift-logger", () => {
  it("warns of what changed, by its paths, and stores them", async () => {
    const before = { size: "small", tags: { owner: "me", team: "x" }, ports: [80, 81] };
    const after = { size: "large", tags: { owner: "you", team: "x" }, ports: [80, 82, 83] };
    const message = "changed outside of this project: ports[1], ports[2], size, tags.owner";
    expect(await refreshed(before, after)).toEqual({
      status: "warn",
      message,
      findings: [["ports", 1], ["ports", 2], ["size"], ["tags", "owner"]].map((path, index) => ({
        rule: "drift",
        severity: "medium",
        message: `${["ports[1]", "ports[2]", "size", "tags.owner"][index] ?? ""} was changed outside of this project`,
        path,
      })),
      metadata: {
        drifts: 1,
        last: {
          run: RUN.id,
          command: RUN.command,
          action: "update",
          paths: ["ports[1]", "ports[2]", "size", "tags.owner"],
          more: 0,
        },
      },
    });
  });

  it("tells and stores no value", async () => {
    expect(JSON.stringify(await refreshed({ a: "hunter1", b: 1 }, { a: "hunter2", c: "hunter3" }))).not.toContain(
      "hunter",
    );
  });

  it.each([
    ["a value that came", {}, { a: { b: 1 } }, ["a"]],
    ["a value that went", { a: [] }, {}, ["a"]],
    ["a value of another kind", { a: [1] }, { a: { 0: 1 } }, ["a"]],
    ["a null that was something", { a: { b: 1 } }, { a: null }, ["a"]],
    ["names that are no plain ones", { "a b": 1, 'q"': { "": 1 } }, {}, ['["a b"]', '["q\\""]']],
    ["a name of the prototype", { constructor: 1 }, { toString: 1 }, ["constructor", "toString"]],
    ["a value that is no object at all", "x", { a: 1 }, ["all of it"]],
  ])("names %s", async (_what, before, after, paths) => {
    expect(await pathsOf(before, after)).toMatchObject({ paths, more: 0 });
  });

  it("names 20 paths and counts those beyond", async () => {
    const many = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index + 10}`, index]));
    expect(await pathsOf({}, many(20))).toMatchObject({ paths: { length: 20 }, more: 0 });
    expect(await pathsOf({}, many(21))).toMatchObject({ paths: { length: 20 }, more: 1 });
    const { message, findings } = await refreshed({}, many(25));
    expect(message).toMatch(/, k29, and 5 more$/);
    expect(findings).toHaveLength(20);
  });

  it("cuts long paths, so that what is stored stays below 8 KiB", async () => {
    const longest = "k".repeat(100);
    expect(await pathsOf({}, { [longest]: 1 })).toMatchObject({ paths: [longest] });
    expect(await pathsOf({}, { [`${longest}k`]: 1 })).toMatchObject({ paths: [`${"k".repeat(99)}…`] });
    const odd = Object.fromEntries(
      Array.from({ length: 30 }, (_, index) => [`${index}${"\u0001\ud83d".repeat(999)}`, 1]),
    );
    const { metadata, findings } = await refreshed({}, odd);
    expect(Buffer.byteLength(JSON.stringify(metadata))).toBeLessThan(8 * 1024);
    // A host takes no path with such a step.
    expect(findings[0]).not.toHaveProperty("path");
  });

  it("counts on from what is stored", async () => {
    const { metadata } = await refreshed(
      { a: 1 },
      { a: 2 },
      stored({ drifts: 4, last: { run: "run-0", paths: ["b"] } }),
    );
    expect(metadata).toMatchObject({ drifts: 5, last: { run: RUN.id, paths: ["a"] } });
  });

  it("counts a run once, however often it refreshes", async () => {
    const { metadata } = await refreshed({ a: 1 }, { a: 2 }, stored({ drifts: 4, last: { run: RUN.id } }));
    expect(metadata).toMatchObject({ drifts: 4 });
  });

  it.each([{}, { drifts: -1 }, { drifts: "5" }, { drifts: 1.5 }, { drifts: 1, last: 5 }])(
    "counts on from %j, which somebody edited",
    async (own) => {
      const { metadata } = await refreshed({ a: 1 }, { a: 2 }, stored(own));
      expect(metadata).toMatchObject({ drifts: own.drifts === 1 ? 2 : 1 });
    },
  );

  it("warns of a resource that is gone", async () => {
    const { status, message, metadata } = await refreshed({ a: 1 }, null, { action: "delete" });
    expect([status, message]).toEqual(["warn", "gone: it was deleted outside of this project"]);
    expect(metadata).toMatchObject({ drifts: 1, last: { action: "delete", paths: [] } });
  });

  it("says that something changed where that is kept from integrations", async () => {
    const secret = { password: "(sensitive value)" };
    const { status, message, metadata } = await refreshed(secret, secret, { sensitive: [["password"]] });
    expect(status).toBe("warn");
    expect(message).toContain("integrations are not shown");
    expect(metadata).toMatchObject({ drifts: 1, last: { paths: [] } });
  });

  it.each([
    ["nothing changed", { action: "no-op" }],
    ["it is data", { mode: "data", action: "read" }],
  ])("says and clears nothing where %s", async (_where, over) => {
    expect(await refreshed({ a: 1 }, { a: 1 }, { ...over, ...stored({ drifts: 4 }) })).toEqual({
      status: "success",
      message: "",
      findings: [],
    });
  });

  it("may run in several instances and numbers its metadata", async () => {
    expect(await initializeAnswer("drift-logger", {})).toMatchObject({
      result: { stateless: true, metadata_version: 1 },
    });
  });
});
