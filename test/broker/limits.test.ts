import { createServer } from "node:http";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { Pace } from "../../src/broker/pace.js";
import { rejectedCode } from "../support/codes.js";
import { happening, httpServer, names, testBroker } from "./servers.js";

const KIB = 1024;

async function brokerFor(listener: Parameters<typeof httpServer>[0], limits: Parameters<typeof testBroker>[0] = {}) {
  const port = await httpServer(listener);
  return { broker: testBroker({ hosts: [`http://127.0.0.1:${port}`], ...limits }), url: `http://127.0.0.1:${port}/` };
}

describe("a response", () => {
  it("may have the allowed size and no byte more, whatever it says of its length", async () => {
    const { broker, url } = await brokerFor(
      (request, response) => {
        const [, form, size] = request.url?.split("/") ?? [];
        if (form === "told") response.setHeader("content-length", Number(size));
        response.end("x".repeat(Number(size)));
      },
      { limits: { contentBytes: KIB } },
    );
    for (const form of ["told", "untold"]) {
      expect((await broker.fetch(`${url}${form}/${KIB}`)).result?.body).toHaveLength(KIB);
      expect((await broker.fetch(`${url}${form}/${KIB + 1}`)).code).toBe("REQUEST_TOO_LARGE");
    }
  });

  it("without an end is cut at the size, and its connection closed", async () => {
    const closed = happening();
    const { broker, url } = await brokerFor(
      (_request, response) => {
        const more = (): void => {
          while (response.write("x".repeat(KIB)));
        };
        response.on("drain", more);
        response.on("close", () => {
          closed.happened();
        });
        more();
      },
      { limits: { contentBytes: 64 * KIB } },
    );
    expect((await broker.fetch(url)).code).toBe("REQUEST_TOO_LARGE");
    await closed.promise;
  });

  it("that drips is over at the time limit, and its connection closed", async () => {
    const closed = happening();
    const { broker, url } = await brokerFor(
      (_request, response) => {
        const dripping = setInterval(() => response.write("x"), 10);
        response.on("close", () => {
          clearInterval(dripping);
          closed.happened();
        });
      },
      { limits: { timeoutMs: 200 } },
    );
    expect((await broker.fetch(url)).code).toBe("REQUEST_TIMEOUT");
    expect(broker.calls).toMatchObject([{ status: null, code: "REQUEST_TIMEOUT" }]);
    await closed.promise;
  });

  it("that never comes is over at the time limit", async () => {
    const { broker, url } = await brokerFor(() => undefined, { limits: { timeoutMs: 100 } });
    expect((await broker.fetch(url)).code).toBe("REQUEST_TIMEOUT");
  });

  it("that is compressed is refused: it was asked for as it is, and nothing is ever unpacked", async () => {
    const encodings: unknown[] = [];
    const { broker, url } = await brokerFor((request, response) => {
      encodings.push(request.headers["accept-encoding"]);
      response.writeHead(200, { "content-encoding": request.url === "/plain" ? "identity" : "gzip" });
      response.end(request.url === "/plain" ? "plain" : gzipSync(Buffer.alloc(1024 * KIB)));
    });
    expect((await broker.fetch(`${url}bomb`)).code).toBe("REQUEST_COMPRESSED");
    expect((await broker.fetch(`${url}plain`)).result?.body).toBe("plain");
    expect(encodings).toEqual(["identity", "identity"]);
  });

  it("may have 16 KiB of headers, and no flood of them", async () => {
    const { broker, url } = await brokerFor((request, response) => {
      const size = Number(request.url?.slice(1));
      response.writeHead(200, { "x-large": "x".repeat(size) }).end("ok");
    });
    expect((await broker.fetch(`${url}${15 * KIB}`)).result?.headers["x-large"]).toHaveLength(15 * KIB);
    expect((await broker.fetch(`${url}${16 * KIB}`)).code).toBe("REQUEST_TOO_LARGE");
  });

  it("that does not fit a message of the guest is refused", async () => {
    const { broker, url } = await brokerFor((_request, response) => response.end("\u0000".repeat(KIB)), {
      messageBytes: 4 * KIB,
    });
    expect((await broker.fetch(url)).code).toBe("REQUEST_TOO_LARGE");
    expect((await broker.fetch(url, { encoding: "base64" })).result?.status).toBe(200);
  });

  it.each([
    ["breaks off", "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf"],
    ["is no HTTP", "SSH-2.0-OpenSSH\r\n"],
    ["changes the protocol", "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n"],
    ["has two lengths", "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nxx"],
  ])("that %s is told of as broken", async (_what, bytes) => {
    const { broker, url } = await brokerFor((request) => {
      request.socket.end(bytes);
    });
    expect((await broker.fetch(url)).code).toBe("REQUEST_UNREACHABLE");
  });

  it("of a port where nobody listens is told of as not reachable", async () => {
    const closed = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => closed.once("listening", resolve));
    const address = closed.address();
    const port = typeof address === "object" ? (address?.port ?? 0) : 0;
    await new Promise((resolve) => closed.close(resolve));
    const broker = testBroker({ hosts: [`http://127.0.0.1:${port}`] });
    expect((await broker.fetch(`http://127.0.0.1:${port}/`)).code).toBe("REQUEST_UNREACHABLE");
  });
});

describe("the time limit", () => {
  it("holds while a name is resolved", async () => {
    const lookup = () => new Promise<never>(() => undefined);
    const broker = testBroker({ hosts: ["slow.example:443"], network: { lookup }, limits: { timeoutMs: 50 } });
    expect((await broker.fetch("https://slow.example/")).code).toBe("REQUEST_TIMEOUT");
  });

  it("is cut short when the call of the request is over", async () => {
    const over = new AbortController();
    const { broker, url } = await brokerFor(() => {
      over.abort();
    });
    expect((await broker.ask("http/fetch", { url }, over.signal)).code).toBe("REQUEST_TIMEOUT");
  });
});

describe("the rate", () => {
  it("lets the burst through, and refuses what could not be made in time", async () => {
    const limits = { burst: 2, perSecond: 0.001, timeoutMs: 10_000 };
    const { broker, url } = await brokerFor((_request, response) => response.end(), { limits });
    expect((await broker.fetch(url)).result?.status).toBe(200);
    expect((await broker.fetch(url)).result?.status).toBe(200);
    expect((await broker.fetch(url)).code).toBe("REQUEST_RATE");
  });

  it("makes what is over the burst wait for its turn", async () => {
    const madeAt: number[] = [];
    const pace = new Pace({ concurrent: 8, burst: 1, perSecond: 100 });
    const one = () =>
      pace.run(() => Promise.resolve(madeAt.push(performance.now())), 1_000, AbortSignal.timeout(5_000));
    await Promise.all([one(), one(), one()]);
    // A timer may fire up to one millisecond early.
    expect((madeAt[2] ?? 0) - (madeAt[0] ?? 0)).toBeGreaterThan(18);
  });

  it("is even over time: a pause gives no more than the burst", async () => {
    let now = 0;
    const pace = new Pace({ concurrent: 8, burst: 2, perSecond: 1 }, () => now);
    const one = () => pace.run(() => Promise.resolve("made"), 0, new AbortController().signal);
    now = 1_000_000;
    expect(await one()).toBe("made");
    expect(await one()).toBe("made");
    expect(await rejectedCode(one())).toBe("REQUEST_RATE");
    now += 1_000;
    expect(await one()).toBe("made");
    expect(await rejectedCode(one())).toBe("REQUEST_RATE");
  });

  it("holds requests under way to their number; the next one waits, and takes the place of the first to end", async () => {
    const held: (() => void)[] = [];
    const waiting: (() => void)[] = [];
    const arrived = (count: number): Promise<void> =>
      new Promise((resolve) => {
        if (held.length >= count) resolve();
        else waiting.push(resolve);
      });
    const { broker, url } = await brokerFor(
      (_request, response) => {
        held.push(() => response.end("ok"));
        for (const tell of waiting.splice(0)) tell();
      },
      { limits: { concurrent: 1 } },
    );
    const first = broker.fetch(url);
    const second = broker.fetch(url);
    await arrived(1);
    expect(held).toHaveLength(1);
    held[0]?.();
    expect((await first).result?.body).toBe("ok");
    await arrived(2);
    held[1]?.();
    expect((await second).result?.body).toBe("ok");
  });

  it("frees the place of one that gave up waiting", async () => {
    const pace = new Pace({ concurrent: 1, burst: 9, perSecond: 9 });
    const first = happening();
    const running = pace.run(() => first.promise, 1_000, new AbortController().signal);
    const over = new AbortController();
    const waiting = pace.run(() => Promise.resolve("never"), 1_000, over.signal);
    over.abort();
    await expect(waiting).rejects.toThrow();
    first.happened();
    await running;
    expect(await pace.run(() => Promise.resolve("next"), 1_000, new AbortController().signal)).toBe("next");
  });

  it("of lookups is two at once, so that no name keeps the threads that read and write our files", async () => {
    let running = 0;
    let most = 0;
    const lookup = async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      return names({ x: ["127.0.0.1"] })("x");
    };
    const port = await httpServer((_request, response) => response.end());
    const broker = testBroker({ hosts: [`private:http://a.example:${port}`], network: { lookup } });
    const asked = Array.from({ length: 6 }, () => broker.fetch(`http://a.example:${port}/`));
    expect((await Promise.all(asked)).map(({ result }) => result?.status)).toEqual(Array(6).fill(200));
    expect(most).toBe(2);
  });
});
