import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { prefixed } from "./raw-peer.js";
import { ask, oracleRelay, reply, UNCHANGED, type Serve } from "./relays.js";

const echo: Serve = (stream, body) => {
  reply(stream, body.subarray(5));
};
const bytes = (text: string): Buffer => Buffer.from(text);

describe("a unary call", () => {
  it("passes through untouched when nobody intercepts it", async () => {
    const { client, faults } = await oracleRelay(echo);
    const outcome = await ask(client, bytes("hello"));
    expect(outcome).toEqual({ body: prefixed(bytes("hello")), status: "0", text: "", code: 0 });
    expect(faults).toEqual([]);
  });

  it("is the same when its handler changes nothing", async () => {
    const { client, faults } = await oracleRelay(echo, () => UNCHANGED);
    const outcome = await ask(client, bytes("hello"));
    expect(outcome).toEqual({ body: prefixed(bytes("hello")), status: "0", text: "", code: 0 });
    expect(faults).toEqual([]);
  });

  it("goes on with what its handler makes of request and answer", async () => {
    const { client } = await oracleRelay(echo, () => ({
      request: (message) => ({ forward: Buffer.concat([message, bytes(" there")]) }),
      response: (message) => Buffer.concat([message, bytes(", you")]),
    }));
    expect((await ask(client, bytes("hello"))).body).toEqual(prefixed(bytes("hello there, you")));
  });

  it("waits for a handler that takes its time", async () => {
    const { client } = await oracleRelay(echo, () => ({
      request: async (message) => {
        await new Promise(setImmediate);
        return { forward: Buffer.concat([message, bytes("1")]) };
      },
      response: async (message) => {
        await new Promise(setImmediate);
        return Buffer.concat([message, bytes("2")]);
      },
    }));
    expect((await ask(client, bytes("0"))).body).toEqual(prefixed(bytes("012")));
  });

  it("is answered by its handler without a connection to the provider", async () => {
    const relay = await oracleRelay(echo, () => ({
      request: () => ({ answer: bytes("no need") }),
      response: () => bytes("never"),
    }));
    expect(await ask(relay.client, bytes("?"))).toEqual({
      body: prefixed(bytes("no need")),
      status: "0",
      text: undefined,
      code: 0,
    });
    expect(relay.connects).toBe(0);
  });

  it("may be empty both ways", async () => {
    const { client } = await oracleRelay(echo, () => UNCHANGED);
    expect((await ask(client, bytes(""))).body).toEqual(prefixed(bytes("")));
  });

  it("is looked up by its path, and the provider sees the same path", async () => {
    const paths: string[] = [];
    const { client } = await oracleRelay(
      (stream, _body, path) => {
        reply(stream, bytes(path));
      },
      (path) => {
        paths.push(path);
        return null;
      },
    );
    expect((await ask(client, bytes(""), { path: "/a.B/C" })).body).toEqual(prefixed(bytes("/a.B/C")));
    expect(paths).toEqual(["/a.B/C"]);
  });

  it("that fails keeps its status and text; the handler is not asked about the answer", async () => {
    let asked = 0;
    const fails: Serve = (stream) => {
      stream.respond({ ":status": 200, "grpc-status": "3", "grpc-message": "bad%20thing" }, { endStream: true });
    };
    const { client, faults } = await oracleRelay(fails, () => ({
      ...UNCHANGED,
      response: (message) => {
        asked++;
        return message;
      },
    }));
    expect(await ask(client, bytes(""))).toMatchObject({ body: bytes(""), status: "3", text: "bad%20thing" });
    expect(asked).toBe(0);
    expect(faults).toEqual([]);
  });

  it("that fails after a message keeps both; the handler is not asked", async () => {
    const fails: Serve = (stream) => {
      stream.respond({ ":status": 200 }, { waitForTrailers: true });
      stream.on("wantTrailers", () => {
        stream.sendTrailers({ "grpc-status": "2" });
      });
      stream.end(prefixed(bytes("half")));
    };
    const { client } = await oracleRelay(fails, () => ({ ...UNCHANGED, response: () => bytes("never") }));
    expect(await ask(client, bytes(""))).toMatchObject({ body: prefixed(bytes("half")), status: "2" });
  });

  it("whose length was said loses that as soon as it may change", async () => {
    const said: (string | undefined)[] = [];
    const { client } = await oracleRelay(
      (stream, _body, _path, head) => {
        said.push(head["content-length"]);
        reply(stream, bytes("long answer"), { "content-length": "16" });
      },
      () => ({ request: () => ({ forward: bytes("changed") }), response: () => bytes("short") }),
    );
    const stream = client.request({ ":method": "POST", ":path": "/p", "content-length": "10" });
    stream.end(prefixed(bytes("hello")));
    stream.on("response", (head) => said.push(head["content-length"]));
    const body: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => body.push(chunk));
    await new Promise((resolve) => stream.once("close", resolve));
    expect(said).toEqual([undefined, undefined]);
    expect(Buffer.concat(body)).toEqual(prefixed(bytes("short")));
  });

  it("connects once, however many calls are made", async () => {
    const relay = await oracleRelay(echo);
    await Promise.all(Array.from({ length: 20 }, () => ask(relay.client, bytes("x"))));
    await ask(relay.client, bytes("x"));
    expect(relay.connects).toBe(1);
  });
});

describe("large messages", () => {
  const large = randomBytes(10_000_000);

  it("pass through in both directions", async () => {
    const { client } = await oracleRelay(echo);
    expect((await ask(client, large)).body.equals(prefixed(large))).toBe(true);
  });

  it("are held whole for a handler", async () => {
    const { client } = await oracleRelay(echo, () => UNCHANGED);
    expect((await ask(client, large)).body.equals(prefixed(large))).toBe(true);
  });

  it("may come of small ones, on both ways: past a window of 64 KiB", async () => {
    const grown = randomBytes(1_000_000);
    let asked = 0;
    const { client } = await oracleRelay(
      (stream, body) => {
        asked = body.length;
        reply(stream, bytes("small"));
      },
      () => ({ request: () => ({ forward: grown }), response: () => large }),
    );
    expect((await ask(client, bytes("small"))).body.equals(prefixed(large))).toBe(true);
    expect(asked).toBe(5 + grown.length);
  });

  it("may become small ones", async () => {
    const { client } = await oracleRelay(
      (stream) => {
        reply(stream, large);
      },
      () => ({ request: () => ({ forward: bytes("s") }), response: () => bytes("t") }),
    );
    expect((await ask(client, large)).body).toEqual(prefixed(bytes("t")));
  });
});

describe("many calls at once", () => {
  it("are each answered with their own, whoever answers them and in whatever order", async () => {
    const waiting: (() => void)[] = [];
    const backwards: Serve = (stream, body) => {
      waiting.push(() => {
        reply(stream, Buffer.concat([bytes("provider "), body.subarray(5)]));
      });
      if (waiting.length === 75) for (const answer of waiting.reverse()) answer();
    };
    const { client, faults } = await oracleRelay(backwards, (path) => {
      const number = Number(path.slice(path.lastIndexOf("/") + 1));
      if (number % 4 === 0) return { ...UNCHANGED, request: (message) => Promise.resolve({ answer: message }) };
      return number % 4 === 1 ? UNCHANGED : null;
    });
    const sizes = Array.from({ length: 100 }, (_, at) => randomBytes((at * 997) % 40_000));
    const outcomes = await Promise.all(sizes.map((message, at) => ask(client, message, { path: `/m/${String(at)}` })));
    outcomes.forEach(({ body, status }, at) => {
      const message = sizes[at] ?? bytes("");
      const wanted = at % 4 === 0 ? message : Buffer.concat([bytes("provider "), message]);
      expect(status).toBe("0");
      expect(body.equals(prefixed(wanted))).toBe(true);
    });
    expect(faults).toEqual([]);
  });

  it("do not wait for a large answer that core does not take", async () => {
    const { client } = await oracleRelay((stream, body) => {
      reply(stream, body.length > 5 ? randomBytes(3_000_000) : bytes("quick"));
    });
    const stuck = client.request({ ":method": "POST", ":path": "/m/stuck" });
    stuck.end(prefixed(bytes("large")));
    await new Promise((resolve) => stuck.once("response", resolve));
    expect((await ask(client, bytes(""))).body).toEqual(prefixed(bytes("quick")));
  });
});
