import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { httpsServer } from "../broker/servers.js";
import { jsIntegration } from "../support/projects.js";
import { block, MAIN, project } from "./projects.js";
import type { Ran } from "./projects.js";

const AUTHORITY = fileURLToPath(new URL("../support/tls/authority.pem", import.meta.url));

/** Asks for this of its host, and says what it heard. */
const asks = (method: string, params: object): string =>
  jsIntegration(
    `const line = airlock.request(JSON.stringify({ jsonrpc: "2.0", id: 1, ...${JSON.stringify({ method, params })} }));
     const { result, error } = JSON.parse(line);
     return { status: "warn", message: result?.body ?? result?.content ?? error.data.code };`,
    { hooks: ["post-plan-resource"] },
  );

/** Runs the real command beside a server of this process. */
async function check(cwd: string, ...more: string[]): Promise<Ran> {
  const env = { PATH: process.env["PATH"] ?? "", NODE_EXTRA_CA_CERTS: AUTHORITY };
  const child = spawn(process.execPath, [MAIN, "check", "plan.json", ...more], {
    cwd,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const closed = once(child, "close") as Promise<[number | null]>;
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await closed;
  return { code, stdout, stderr };
}

describe("the grants of a declaration", () => {
  it("let an integration reach a host by TLS and read a file, and every request is told with --verbose", async () => {
    const port = await httpsServer((_request, response) => response.end("price: 7"));
    const grants = `  grants = { hosts = ["localhost:${port}"], files = ["./prices.json"] }\n`;
    const folder = project(block("web", "./web.js", grants) + block("file", "./file.js", grants), {
      "web.js": asks("http/fetch", { url: `https://localhost:${port}/prices?secret` }),
      "file.js": asks("files/read", { path: "./prices.json" }),
      "prices.json": "price: 8",
    });
    const { code, stdout, stderr } = await check(folder, "--verbose");
    expect(code).toBe(0);
    expect(stdout).toContain("price: 7");
    expect(stdout).toContain("price: 8");
    expect(stderr.match(new RegExp(`^\\[web\\] GET localhost:${port}: 200, 8 bytes, \\d+ ms$`, "gm"))).toHaveLength(2);
    expect(stderr).not.toContain("secret");
  });

  it("are missed once, with the line that would grant it", async () => {
    const folder = project(block("web", "./web.js"), {
      "web.js": asks("http/fetch", { url: "https://api.example.com/prices" }),
    });
    const { code, stdout, stderr } = await check(folder);
    expect(code).toBe(0);
    expect(stdout).toContain("REQUEST_NOT_GRANTED");
    const warnings = stderr.match(/^warning: integration web: .*$/gm) ?? [];
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('grants = { hosts = ["api.example.com:443"] }');
  });
});
