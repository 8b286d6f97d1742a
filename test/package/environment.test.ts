import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { grantedEnvironment } from "../../src/package/environment.js";

const host = { PATH: "/usr/bin", HOME: "/home/me", AWS_SECRET_ACCESS_KEY: "secret", EMPTY: "", LANG: "de_DE.UTF-8" };

describe("the environment of an executable", () => {
  it("is empty without any grant", () => {
    expect(grantedEnvironment({ env: [] }, host)).toEqual({});
  });

  it("holds what was granted and is set, also when it is empty", () => {
    expect(grantedEnvironment({ env: ["HOME", "EMPTY", "NOT_SET"] }, host)).toEqual({ HOME: "/home/me", EMPTY: "" });
  });

  it("takes nothing from the prototype", () => {
    expect(Object.keys(grantedEnvironment({ env: ["toString", "__proto__", "constructor"] }, {}))).toEqual([]);
  });

  it("never holds what was not granted", () => {
    const names = fc.array(fc.constantFrom(...Object.keys(host), "OTHER"));
    fc.assert(
      fc.property(names, (env) => {
        const allowed = new Set(env);
        expect(Object.keys(grantedEnvironment({ env }, host)).filter((name) => !allowed.has(name))).toEqual([]);
      }),
    );
  });
});
