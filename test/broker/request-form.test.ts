import { describe, expect, it } from "vitest";
import { httpServer, testBroker } from "./servers.js";

const KIB = 1024;

interface Seen {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** A broker, and a server that answers with what it was sent. */
async function mirror() {
  const port = await httpServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method, headers } = request;
      response.end(JSON.stringify({ method, headers, body: Buffer.concat(chunks).toString("latin1") }));
    });
  });
  const broker = testBroker({ hosts: [`http://127.0.0.1:${port}`] });
  const send = async (params: object) => {
    const { code, result } = await broker.fetch(`http://127.0.0.1:${port}/`, params);
    return { code, seen: result === undefined ? undefined : (JSON.parse(result.body) as Seen) };
  };
  return { send, broker, port };
}

describe("a request", () => {
  it("arrives as it was asked for, under the name of airlock, on a connection of its own", async () => {
    const { send } = await mirror();
    const { seen } = await send({ method: "POST", headers: { "X-Key": "é" }, body: "text" });
    expect(seen).toMatchObject({ method: "POST", body: "text" });
    expect(seen?.headers).toMatchObject({
      "x-key": "é",
      "content-length": "4",
      "user-agent": "airlock",
      connection: "close",
    });
    expect(Object.keys(seen?.headers ?? {}).sort()).toEqual([
      "accept-encoding",
      "connection",
      "content-length",
      "host",
      "user-agent",
      "x-key",
    ]);
  });

  it("may have a body of any bytes", async () => {
    const { send } = await mirror();
    const bytes = Buffer.from([0, 255, 10]);
    const { seen } = await send({ method: "PUT", body: bytes.toString("base64"), body_encoding: "base64" });
    expect(seen?.body).toBe(bytes.toString("latin1"));
    expect((await send({ method: "PUT", body: "no base64", body_encoding: "base64" })).code).toBe("REQUEST_INVALID");
  });

  it.each([
    "Host",
    "connection",
    "content-length",
    "transfer-encoding",
    "accept-encoding",
    "expect",
    "upgrade",
    "te",
    "proxy-authorization",
    "bad name",
    "",
    "x\r\ny",
  ])("may not have the header %j", async (name) => {
    const { send } = await mirror();
    expect((await send({ headers: { [name]: "x" } })).code).toBe("REQUEST_INVALID");
  });

  it.each(["a\r\nx-injected: 1", "a\u0000", "a\nb", "a\u0100"])("may not have the header value %j", async (value) => {
    const { send } = await mirror();
    expect((await send({ headers: { "x-a": value } })).code).toBe("REQUEST_INVALID");
  });

  it("may have 64 headers and 16 KiB of them, and no more", async () => {
    const { send } = await mirror();
    const headers = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`x-${at}`, "v"]));
    expect((await send({ headers: headers(64) })).code).toBeUndefined();
    expect((await send({ headers: headers(65) })).code).toBe("REQUEST_INVALID");
    const large = (size: number) => ({ headers: { "x-a": "v".repeat(size - 3) } });
    expect((await send(large(15 * KIB))).code).toBeUndefined();
    expect((await send(large(16 * KIB + 1))).code).toBe("REQUEST_INVALID");
  });

  it.each(["CONNECT", "TRACE", "get", "GET /\r\n", 1])("may not have the method %j", async (method) => {
    const { send } = await mirror();
    expect((await send({ method })).code).toBe("REQUEST_INVALID");
  });

  it.each([
    ["no URL at all", undefined],
    ["no URL", "prices"],
    ["another scheme", "ftp://127.0.0.1/"],
    ["a file", "file:///etc/passwd"],
    ["data", "data:text/plain,x"],
    ["credentials in it", "http://user:secret@127.0.0.1/"],
    ["over 8,192 characters", `http://127.0.0.1/${"x".repeat(8_192)}`],
  ])("is refused with %s", async (_what, url) => {
    expect((await testBroker({ hosts: ["http://127.0.0.1:80"] }).ask("http/fetch", { url })).code).toBe(
      "REQUEST_INVALID",
    );
  });

  it("is refused with a param that there is not", async () => {
    const { send } = await mirror();
    expect((await send({ redirect: "manual" })).code).toBe("REQUEST_INVALID");
  });

  it("of a method that there is not is refused", async () => {
    expect((await testBroker({}).ask("http/fetsch", {})).code).toBe("REQUEST_UNKNOWN");
    expect((await testBroker({}).ask("constructor", {})).code).toBe("REQUEST_UNKNOWN");
  });
});

describe("a response", () => {
  it("comes as text, where what is no UTF-8 is marked, or in base64 as it is", async () => {
    const bytes = Buffer.from([0x61, 0xff, 0xc3, 0xa9]);
    const port = await httpServer((_request, response) => response.end(bytes));
    const broker = testBroker({ hosts: [`http://127.0.0.1:${port}`] });
    expect((await broker.fetch(`http://127.0.0.1:${port}/`)).result?.body).toBe("a\ufffdé");
    const { result } = await broker.fetch(`http://127.0.0.1:${port}/`, { encoding: "base64" });
    expect(result?.body).toBe(bytes.toString("base64"));
  });

  it("of any other status than a redirect comes as it is", async () => {
    const port = await httpServer((request, response) => response.writeHead(Number(request.url?.slice(1))).end());
    const broker = testBroker({ hosts: [`http://127.0.0.1:${port}`] });
    for (const status of [204, 304, 404, 500]) {
      expect((await broker.fetch(`http://127.0.0.1:${port}/${status}`)).result?.status).toBe(status);
    }
  });

  it("of a HEAD has headers alone", async () => {
    const port = await httpServer((_request, response) => response.writeHead(200, { "content-length": 5 }).end());
    const broker = testBroker({ hosts: [`http://127.0.0.1:${port}`] });
    const { result } = await broker.fetch(`http://127.0.0.1:${port}/`, { method: "HEAD" });
    expect(result).toMatchObject({ status: 200, body: "", headers: { "content-length": "5" } });
  });
});
