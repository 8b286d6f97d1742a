import { afterEach, describe, expect, it, vi } from "vitest";
import { ResultLog } from "../../../src/hosts/plan-file/result-log.js";
import { resultOf } from "../fake-runtime.js";

describe("results of a check", () => {
  it.each([
    ["few, in memory", 10],
    ["many, in a file", 30_000],
  ])("come back as they were, in their order, as often as they are asked for: %s", (_what, count) => {
    const results = new ResultLog();
    const all = Array.from({ length: count }, (_, at) =>
      resultOf({ address: `vm.é[${at}]`, message: "x".repeat(at % 400), ...(at % 3 === 0 && { metadata: { at } }) }),
    );
    for (const one of all) results.add(one);
    expect(results.length).toBe(count);
    expect([...results]).toEqual(all);
    expect([...results].at(-1)).toEqual(all.at(-1));
    results.close();
  });

  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it("are CHECK_NO_ROOM where the temporary folder does not take what memory does not hold", () => {
    vi.stubEnv("TMPDIR", "/dev/null/none");
    const results = new ResultLog();
    let code: unknown;
    for (let at = 0; code === undefined && at < 30_000; at += 1) {
      try {
        results.add(resultOf({ message: "x".repeat(400) }));
      } catch (error) {
        code = (error as { readonly code: unknown }).code;
      }
    }
    expect(code).toBe("CHECK_NO_ROOM");
  });
});
