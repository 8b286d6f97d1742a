import { describe, expect, it } from "vitest";
import * as airlock from "../src/index.js";

/** Not a literal: the compiler would look for what is not built yet. */
const OWN_NAME: string = "airlock-runtime";

describe("the package", () => {
  it("exports these names and no others", () => {
    expect(Object.keys(airlock).sort()).toEqual([
      "AirlockError",
      "CheckError",
      "DeclareError",
      "GuestError",
      "HOOKS",
      "PackageError",
      "PlanError",
      "ProtocolError",
      "RuntimeError",
      "SandboxError",
      "checkPlan",
      "createRuntime",
      "exitCodeOf",
      "isSensitive",
      "readDeclarations",
      "readPlan",
      "toCheckReport",
    ]);
  });

  it("is found under its own name, with its schemas", async () => {
    const own = (await import(OWN_NAME)) as object;
    expect(Object.keys(own).sort()).toEqual(Object.keys(airlock).sort());
    expect(import.meta.resolve("airlock-runtime/schemas/verdict.schema.json")).toMatch(
      /docs\/schemas\/verdict\.schema\.json$/,
    );
  });
});
