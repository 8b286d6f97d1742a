import { readFile } from "node:fs/promises";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openOrigin } from "../../../src/package/origin/open-origin.js";
import type { ReleaseArchive } from "../../../src/package/origin/origin.js";
import { rejectedCode } from "../../support/codes.js";
import { staticFiles } from "../../support/static-server.js";
import { registryFolder, serve, settings, sourceAt } from "./fixture.js";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A good registry whose answers to some paths are others. */
async function registryWith(pattern: RegExp, answer: Answer) {
  const site = await registryFolder("1.0.0");
  const good: RequestListener = staticFiles(site);
  return serve((request, response) => {
    (pattern.test(request.url ?? "") ? answer : good)(request, response);
  });
}

async function archiveOf(host: string): Promise<[ReturnType<typeof openOrigin>, ReleaseArchive]> {
  const origin = openOrigin(sourceAt(host), settings());
  const [archive] = (await origin.release("1.0.0")).archives;
  if (archive === undefined) throw new Error("no archive");
  return [origin, archive];
}

const DOCUMENTS: [string, string, Answer][] = [
  ["serves HTML", "REGISTRY_RESPONSE_INVALID", (_, response) => response.end("<!doctype html><p>Please log in")],
  ["serves no JSON", "REGISTRY_RESPONSE_INVALID", (_, response) => response.end("{")],
  ["serves another form", "REGISTRY_RESPONSE_INVALID", (_, response) => response.end('{"versions":{}}')],
  ["reaches into prototypes", "REGISTRY_RESPONSE_INVALID", (_, response) => response.end('{"__proto__":{}}')],
  ["always fails", "REGISTRY_STATUS", (_, response) => response.writeHead(500).end("no")],
  ["is a teapot", "REGISTRY_STATUS", (_, response) => response.writeHead(418).end()],
  ["wants credentials", "REGISTRY_UNAUTHORIZED", (_, response) => response.writeHead(401).end()],
  ["knows nothing", "REGISTRY_NOT_FOUND", (_, response) => response.writeHead(404).end()],
  ["never answers", "REGISTRY_TIMEOUT", () => undefined],
  ["stalls in its answer", "REGISTRY_TIMEOUT", (_, response) => response.write('{"versions":')],
  ["hangs up", "REGISTRY_UNREACHABLE", (request) => request.socket.destroy()],
  [
    "ends too early",
    "REGISTRY_TRUNCATED",
    (_, response) => {
      response.writeHead(200, { "content-length": 1000 }).write("{", () => response.socket?.destroy());
    },
  ],
  [
    "redirects to another host",
    "REGISTRY_REDIRECT",
    (_, response) => response.writeHead(302, { location: "https://registry.example.com/x" }).end(),
  ],
  [
    "redirects without end",
    "REGISTRY_REDIRECT",
    (request, response) => response.writeHead(302, { location: request.url }).end(),
  ],
  [
    "declares 10 GB",
    "REGISTRY_TOO_LARGE",
    (_, response) => response.writeHead(200, { "content-length": 10e9 }).write("{"),
  ],
  ["streams without end", "REGISTRY_TOO_LARGE", endless],
];

function endless(_: IncomingMessage, response: ServerResponse): void {
  const chunk = Buffer.alloc(256 * 1024, " ");
  const more = (): void => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on("drain", more);
  more();
}

describe("a registry whose documents are bad is a named error", () => {
  it.each(DOCUMENTS)("%s: %s", async (_, code, answer) => {
    const { host } = await registryWith(/versions\.json$/, answer);
    expect(await rejectedCode(openOrigin(sourceAt(host), settings()).versions())).toBe(code);
  });

  it("takes an answer that comes after two faults", async () => {
    let asked = 0;
    const site = await registryFolder("1.0.0");
    const good = staticFiles(site);
    const { host } = await serve((request, response) => {
      if (!/versions\.json$/.test(request.url ?? "") || ++asked > 2) good(request, response);
      else response.writeHead(503).end();
    });
    expect(await openOrigin(sourceAt(host), settings()).versions()).toHaveLength(1);
    expect(asked).toBe(3);
  });

  it("is no registry without its service, or without discovery", async () => {
    const { host } = await serve((_, response) => response.end('{"modules.v1":"/"}'));
    expect(await rejectedCode(openOrigin(sourceAt(host), settings()).versions())).toBe("REGISTRY_NO_SERVICE");
    const none = await serve((_, response) => response.writeHead(404).end());
    expect(await rejectedCode(openOrigin(sourceAt(none.host), settings()).versions())).toBe("REGISTRY_NO_SERVICE");
  });

  it("may not speak of another package or version", async () => {
    const site = await registryFolder("1.0.0");
    const text = await readFile(join(site, "integrations/v1/acme/budget/1.0.0/release.json"), "utf8");
    const lie = text.replace("acme/budget", "acme/other");
    const { host } = await registryWith(/release\.json$/, (_, response) => response.end(lie));
    const origin = openOrigin(sourceAt(host), settings());
    expect(await rejectedCode(origin.release("1.0.0"))).toBe("REGISTRY_RESPONSE_INVALID");
  });
});

describe("an archive that is not what was promised is a named error", () => {
  const ARCHIVES: [string, string, (size: number) => Answer][] = [
    ["other bytes", "REGISTRY_DIGEST_MISMATCH", (size) => (_, response) => response.end(Buffer.alloc(size))],
    ["fewer bytes", "REGISTRY_TRUNCATED", (size) => (_, response) => response.end(Buffer.alloc(size - 1))],
    ["more bytes", "REGISTRY_TOO_LARGE", (size) => (_, response) => response.end(Buffer.alloc(size + 1))],
    ["no end", "REGISTRY_TOO_LARGE", () => endless],
    ["an error", "REGISTRY_STATUS", () => (_, response) => response.writeHead(502).end()],
  ];

  it.each(ARCHIVES)("%s: %s", async (_, code, make) => {
    let answer: Answer = (request, response) => response.writeHead(404).end(request.url);
    const { host } = await registryWith(/\.tar\.gz$/, (request, response) => {
      answer(request, response);
    });
    const [origin, archive] = await archiveOf(host);
    answer = make(archive.size ?? 0);
    expect(await rejectedCode(origin.fetch(archive))).toBe(code);
  });

  it("a size over the limit is refused before anything is asked", async () => {
    const { host, asked } = await registryWith(/nothing/, () => undefined);
    const [origin, archive] = await archiveOf(host);
    const before = asked.length;
    expect(await rejectedCode(origin.fetch({ ...archive, size: 10e9 }))).toBe("REGISTRY_TOO_LARGE");
    expect(asked).toHaveLength(before);
  });
});
