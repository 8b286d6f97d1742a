import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { IntegrationDeclarationInput } from "../../src/declare/declaration.js";
import { createRuntime } from "../../src/runtime/runtime.js";
import type { RuntimeNotice } from "../../src/runtime/types.js";
import { HAS_BUBBLEWRAP } from "../support/bubblewrap.js";
import { jsIntegration, resourceEvent, temporaryFolder } from "../support/projects.js";

/** Says whether it could leave a file in its own folder. */
const PROGRAM = `#!${process.execPath}
let wrote = "wrote";
try { require("node:fs").writeFileSync(__dirname + "/started", ""); } catch (error) { wrote = error.code; }
require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, method } = JSON.parse(line);
  const result = method === "initialize"
    ? { name: "p", version: "1", protocol_version: 1, hooks: ["post-plan-resource"] }
    : { status: "success", message: wrote };
  console.log(JSON.stringify({ jsonrpc: "2.0", id, result }));
});
`;
/** What no bubblewrap is on. */
const NOWHERE = "/nowhere";

function program(): { directory: string; source: string } {
  const directory = temporaryFolder();
  mkdirSync(join(directory, "p"));
  writeFileSync(join(directory, "p/p"), PROGRAM);
  chmodSync(join(directory, "p/p"), 0o755);
  return { directory, source: "./p" };
}

async function ask(
  declared: Partial<IntegrationDeclarationInput> & { directory: string },
  path = process.env["PATH"] ?? "",
) {
  const notices: RuntimeNotice[] = [];
  await using runtime = createRuntime({
    integrations: [{ name: "p", ...declared }],
    environment: { PATH: path },
    observer: (notice) => notices.push(notice),
  });
  const [broken] = await runtime.start();
  const [answered] = broken === undefined ? (await runtime.dispatch(resourceEvent("a.b"))).results : [];
  const told = notices.flatMap((notice) => (notice.type === "isolation" ? [notice.isolation] : []));
  return { code: broken?.error?.code ?? null, message: answered?.message ?? null, told };
}

describe("isolation of an executable", () => {
  it("that is required and not there is a named error before anything starts", async () => {
    const declared = program();
    expect(await ask({ ...declared, isolation: "required" }, NOWHERE)).toMatchObject({ code: "GUEST_ISOLATION" });
    expect(existsSync(join(declared.directory, "p/started"))).toBe(false);
  });

  it("that is wanted as far as possible goes without where it is not there, and says so once", async () => {
    const { message, told } = await ask(program(), NOWHERE);
    expect(message).toBe("wrote");
    expect(told).toEqual([expect.stringContaining("not installed")]);
  });

  it("is not looked for when it is not wanted", async () => {
    expect(await ask({ ...program(), isolation: "none" })).toEqual({ code: null, message: "wrote", told: [] });
  });

  it.skipIf(!HAS_BUBBLEWRAP).each(["required", "best-effort"] as const)("is there when it is %s", async (isolation) => {
    const { code, message, told } = await ask({ ...program(), isolation });
    expect([code, message]).toEqual([null, "EROFS"]);
    expect(told).toEqual([expect.stringContaining("bubblewrap")]);
  });
});

describe("isolation of a js guest", () => {
  it("is always there, also where executables have none", async () => {
    const directory = temporaryFolder({ "p.js": jsIntegration(`return { status: "success", message: "m" };`) });
    expect(await ask({ directory, source: "./p.js", isolation: "required" }, NOWHERE)).toMatchObject({ message: "m" });
  });
});
