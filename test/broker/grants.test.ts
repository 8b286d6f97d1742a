import { describe, expect, it } from "vitest";
import { AUTHORITY, httpServer, httpsServer, names, testBroker } from "./servers.js";

const OK: Parameters<typeof httpServer>[0] = (_request, response) => response.end("ok");
const NETWORK = { certificateAuthorities: [AUTHORITY], lookup: names({ "prices.example": ["127.0.0.1"] }) };

describe("a host that is granted", () => {
  it("is reached by TLS", async () => {
    const port = await httpsServer(OK);
    const broker = testBroker({ hosts: [`127.0.0.1:${port}`], network: NETWORK });
    expect((await broker.fetch(`https://127.0.0.1:${port}/`)).result).toMatchObject({ status: 200, body: "ok" });
  });

  it("is reached without TLS where the grant says so", async () => {
    const port = await httpServer(OK);
    const broker = testBroker({ hosts: [`http://localhost:${port}`] });
    expect((await broker.fetch(`http://localhost:${port}/`)).result).toMatchObject({ status: 200, body: "ok" });
  });

  it("is told of with method, place, status, bytes and time, and with nothing of the path or the query", async () => {
    const port = await httpServer(OK);
    const broker = testBroker({ hosts: [`http://127.0.0.1:${port}`] });
    await broker.fetch(`http://127.0.0.1:${port}/secret?token=secret`, { headers: { authorization: "secret" } });
    expect(broker.calls).toEqual([
      {
        method: "GET",
        host: `http://127.0.0.1:${port}`,
        status: 200,
        bytes: 2,
        elapsedMs: expect.any(Number) as number,
        code: null,
      },
    ]);
    expect(JSON.stringify(broker.calls)).not.toContain("secret");
  });
});

describe("what is not granted is refused, and the line that would grant it is told", () => {
  it.each([
    ["another port", "https://api.example.com:444/", "api.example.com:444"],
    ["another host", "https://example.com/", "example.com:443"],
    ["a host below it", "https://x.api.example.com/", "x.api.example.com:443"],
    ["no TLS", "http://api.example.com:443/", "http://api.example.com:443"],
    ["a trailing dot", "https://api.example.com./", "api.example.com.:443"],
    ["another spelling of an address", "http://0x7f.1:80/", "http://127.0.0.1:80"],
  ])("%s", async (_what, url, place) => {
    const broker = testBroker({ hosts: ["api.example.com:443"] });
    const { code, message } = await broker.fetch(url);
    expect(code).toBe("REQUEST_NOT_GRANTED");
    expect(message).toContain(`grants = { hosts = ["${place}"] }`);
    expect(broker.refusals).toMatchObject([{ code: "REQUEST_NOT_GRANTED" }]);
    expect(broker.calls).toEqual([]);
  });

  it("holds nothing of the URL but host and port", async () => {
    const { message } = await testBroker({}).fetch("https://api.example.com/secret?token=secret#secret");
    expect(message).not.toContain("secret");
  });
});

describe("TLS", () => {
  it("is verified: an authority that is not trusted", async () => {
    const port = await httpsServer(OK);
    const broker = testBroker({ hosts: [`127.0.0.1:${port}`] });
    expect((await broker.fetch(`https://127.0.0.1:${port}/`)).code).toBe("REQUEST_UNREACHABLE");
  });

  it("is verified: a certificate of another name", async () => {
    const port = await httpsServer(OK);
    const lookup = names({ "other.example": ["127.0.0.1"] });
    const broker = testBroker({ hosts: [`private:other.example:${port}`], network: { ...NETWORK, lookup } });
    expect((await broker.fetch(`https://other.example:${port}/`)).code).toBe("REQUEST_UNREACHABLE");
  });

  it("is verified whatever the environment says", async () => {
    const port = await httpsServer(OK);
    const broker = testBroker({ hosts: [`127.0.0.1:${port}`] });
    process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
    try {
      expect((await broker.fetch(`https://127.0.0.1:${port}/`)).code).toBe("REQUEST_UNREACHABLE");
    } finally {
      delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
    }
  });
});

describe("a proxy of the environment", () => {
  it("is not used", async () => {
    let proxied = 0;
    const proxy = await httpServer((_request, response) => {
      proxied++;
      response.end("proxied");
    });
    const port = await httpServer(OK);
    const broker = testBroker({ hosts: [`http://127.0.0.1:${port}`] });
    process.env["http_proxy"] = `http://127.0.0.1:${proxy}`;
    try {
      expect((await broker.fetch(`http://127.0.0.1:${port}/`)).result?.body).toBe("ok");
    } finally {
      delete process.env["http_proxy"];
    }
    expect(proxied).toBe(0);
  });
});
