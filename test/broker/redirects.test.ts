import { describe, expect, it } from "vitest";
import { httpServer, names, testBroker } from "./servers.js";

/** A server that redirects `/` to `to`, with this status, and tells of everything else. */
function redirecting(to: string, status = 302): Promise<number> {
  return httpServer((request, response) => {
    if (request.url === "/") {
      response.writeHead(status, { location: to }).end("not to be read");
      return;
    }
    const { authorization, cookie, "x-other": other } = request.headers;
    response.end(JSON.stringify({ method: request.method, authorization, cookie, other }));
  });
}

describe("a redirect", () => {
  it("to a granted place is followed, and each hop is told of", async () => {
    const port = await redirecting("/end");
    const broker = testBroker({ hosts: [`http://127.0.0.1:${port}`] });
    expect((await broker.fetch(`http://127.0.0.1:${port}/`)).result?.status).toBe(200);
    expect(broker.calls.map(({ status }) => status)).toEqual([302, 200]);
  });

  it("to another host is refused unless that is granted, too", async () => {
    let reached = 0;
    const other = await httpServer((_request, response) => {
      reached++;
      response.end();
    });
    const port = await redirecting(`http://127.0.0.1:${other}/end`);
    const broker = testBroker({ hosts: [`http://127.0.0.1:${port}`] });
    const { code, message } = await broker.fetch(`http://127.0.0.1:${port}/`);
    expect(code).toBe("REQUEST_NOT_GRANTED");
    expect(message).toContain(`http://127.0.0.1:${other}`);
    expect(reached).toBe(0);
  });

  it("to a granted name of a private address is refused", async () => {
    const port = await redirecting("http://inside.example:80/latest/meta-data");
    const lookup = names({ "inside.example": ["169.254.169.254"] });
    const hosts = [`http://127.0.0.1:${port}`, "http://inside.example:80"];
    const broker = testBroker({ hosts, network: { lookup } });
    expect((await broker.fetch(`http://127.0.0.1:${port}/`)).code).toBe("REQUEST_PRIVATE_ADDRESS");
  });

  it.each(["file:///etc/passwd", "javascript:1", "http://user:pass@127.0.0.1/", "http://["])(
    "to %s is refused",
    async (to) => {
      const port = await redirecting(to);
      const broker = testBroker({ hosts: [`http://127.0.0.1:${port}`] });
      expect((await broker.fetch(`http://127.0.0.1:${port}/`)).code).toBe("REQUEST_INVALID");
    },
  );

  it("to nowhere is refused", async () => {
    const port = await httpServer((_request, response) => response.writeHead(302).end());
    const broker = testBroker({ hosts: [`http://127.0.0.1:${port}`] });
    expect((await broker.fetch(`http://127.0.0.1:${port}/`)).code).toBe("REQUEST_REDIRECT");
  });

  it("may be followed by four more, and by no fifth", async () => {
    const port = await httpServer((request, response) => {
      const left = Number(request.url?.slice(1));
      if (left === 0) response.end("there");
      else response.writeHead(307, { location: `/${left - 1}` }).end();
    });
    const broker = testBroker({ hosts: [`http://127.0.0.1:${port}`] });
    expect((await broker.fetch(`http://127.0.0.1:${port}/5`)).result?.body).toBe("there");
    expect((await broker.fetch(`http://127.0.0.1:${port}/6`)).code).toBe("REQUEST_REDIRECT");
  });

  it("to another host takes no credentials there", async () => {
    const other = await redirecting("/end");
    const port = await redirecting(`http://127.0.0.1:${other}/end`);
    const hosts = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${other}`];
    const headers = { Authorization: "secret", cookie: "secret", "x-other": "kept" };
    const { result } = await testBroker({ hosts }).fetch(`http://127.0.0.1:${port}/`, { headers });
    expect(JSON.parse(result?.body ?? "")).toEqual({ method: "GET", other: "kept" });
  });

  it.each([
    [301, "POST", "GET"],
    [302, "POST", "GET"],
    [303, "PUT", "GET"],
    [307, "POST", "POST"],
    [308, "PUT", "PUT"],
    [302, "PUT", "PUT"],
  ])("with %d makes of a %s a %s", async (status, method, then) => {
    const port = await redirecting("/end", status);
    const broker = testBroker({ hosts: [`http://127.0.0.1:${port}`] });
    const { result } = await broker.fetch(`http://127.0.0.1:${port}/`, { method, body: "x" });
    expect(JSON.parse(result?.body ?? "")).toMatchObject({ method: then });
  });
});
