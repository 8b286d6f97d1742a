import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import type { CallHandler } from "../../../src/hosts/terraform/wire/call-handler.js";
import { ConnectionFault, PREFACE } from "../../../src/hosts/terraform/wire/frames.js";
import { HpackDecoder } from "../../../src/hosts/terraform/wire/hpack-decoder.js";
import { encodeField } from "../../../src/hosts/terraform/wire/hpack-encoder.js";
import { Relay } from "../../../src/hosts/terraform/wire/relay.js";
import {
  answer,
  block,
  data,
  frame,
  headers,
  prefixed,
  RawPeer,
  REQUEST,
  reset,
  RESPONSE,
  settings,
  TRAILERS,
  widen,
} from "../../hosts/terraform/wire/raw-peer.js";
import { huffmanEncode } from "../../hosts/terraform/wire/huffman-encode.js";
import { duplexPair } from "../duplex-pair.js";
import { chunkSizes, chunksOf, mutated } from "../mutated.js";
import { fuzzTarget } from "../target.js";

const HANGS_MS = 10_000;
const CORE = Buffer.concat([
  PREFACE,
  settings([[1, 0]]),
  headers(1, REQUEST),
  data(1, prefixed(Buffer.from("one")), true),
  headers(3, REQUEST),
  data(3, prefixed(Buffer.from("two"))),
  widen(0, 1_000),
  reset(3, 8),
  frame(6, 0, 0, Buffer.alloc(8, 1)),
  headers(5, REQUEST, true),
]);
const PROVIDER = Buffer.concat([
  settings([[4, 100]]),
  settings([[5, 16_384]]),
  answer(1, Buffer.from("first")),
  headers(3, RESPONSE),
  data(3, prefixed(Buffer.from("second"))),
  headers(3, TRAILERS, true),
  frame(7, 0, 0, Buffer.alloc(8)),
]);

const SUFFIX = Buffer.from("+ours");
const APPENDING: CallHandler = {
  request: (message) => ({ forward: Buffer.concat([message, SUFFIX]) }),
  response: (message) => Buffer.concat([message, SUFFIX]),
};

function relayed(handler: CallHandler | null): { core: RawPeer; provider: Promise<RawPeer>; relay: Relay } {
  const [accepted, opened] = duplexPair();
  const [dialled, served] = duplexPair();
  let connected: (peer: RawPeer) => void = () => undefined;
  const provider = new Promise<RawPeer>((resolve) => (connected = resolve));
  const relay = new Relay({
    core: accepted,
    connect: () => {
      connected(new RawPeer(served, "server"));
      return Promise.resolve(dialled);
    },
    intercept: () => handler,
    fault: () => undefined,
  });
  return { core: new RawPeer(opened, "client"), provider, relay };
}

/** Rejects when something takes longer than anything of this can. */
async function soon<Result>(what: string, waited: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`${what} hangs`));
    }, HANGS_MS);
  });
  return Promise.race([waited, late]).finally(() => {
    clearTimeout(timer);
  });
}

export const relay = fuzzTarget({
  name: "relay",
  rule: "whatever core and provider send, nothing throws, and the relay ends when both have",
  testRuns: 60,
  inputs: fc.record({ core: mutated([CORE]), provider: mutated([PROVIDER]), sizes: chunkSizes, isHeld: fc.boolean() }),
  kept: [],
  holds: async ({ core: fromCore, provider: fromProvider, sizes, isHeld }) => {
    const { core, provider, relay: between } = relayed(isHeld ? APPENDING : null);
    void provider.then((peer) => {
      for (const chunk of chunksOf(fromProvider, sizes)) peer.send(chunk);
      peer.socket.end();
    });
    for (const chunk of chunksOf(fromCore, sizes)) core.send(chunk);
    core.socket.end();
    await soon("the relay", between.closed);
  },
});

export const relayMessages = fuzzTarget({
  name: "relay-messages",
  rule: "every message reaches the other side whole, with what the handler makes of it, however its bytes come",
  testRuns: 40,
  inputs: fc.record({
    messages: fc.array(fc.tuple(fc.nat(6_000), fc.nat(6_000)), { minLength: 1, maxLength: 3 }),
    sizes: chunkSizes,
    isHeld: fc.boolean(),
  }),
  kept: [],
  holds: async ({ messages, sizes, isHeld }) => {
    const { core, provider: connecting, relay: between } = relayed(isHeld ? APPENDING : null);
    const suffix = isHeld ? SUFFIX : Buffer.alloc(0);
    const pairs = messages.map(([asked, answered], at) => ({
      id: 2 * at + 1,
      asked: Buffer.alloc(asked, at + 1),
      answered: Buffer.alloc(answered, 0xf0 + at),
    }));
    const send = (peer: RawPeer, bytes: Buffer): void => {
      for (const chunk of chunksOf(bytes, sizes)) peer.send(chunk);
    };
    core.greet();
    send(
      core,
      Buffer.concat(pairs.flatMap(({ id, asked }) => [headers(id, REQUEST), data(id, prefixed(asked), true)])),
    );
    const provider = await soon("connecting", connecting);
    provider.send(settings());
    for (const { id, asked, answered } of pairs) {
      const wanted = prefixed(Buffer.concat([asked, suffix]));
      deepStrictEqual(await soon("a request", provider.bytes(id, wanted.length)), wanted);
      await soon("its end", provider.end(id));
      send(provider, answer(id, answered));
    }
    for (const { id, answered } of pairs) {
      const wanted = prefixed(Buffer.concat([answered, suffix]));
      deepStrictEqual(await soon("an answer", core.bytes(id, wanted.length)), wanted);
      await soon("its end", core.end(id));
    }
    between.close();
    await soon("the relay", between.closed);
  },
});

const huffman = huffmanEncode("www.example.com");
const BLOCKS = [
  block(REQUEST),
  block({ ...RESPONSE, ...TRAILERS }),
  Buffer.concat([
    Buffer.of(0x82, 0x86, 0x84, 0x41, 0x80 | huffman.length),
    huffman,
    Buffer.of(0xbe, 0x20, 0x3f, 0xe1, 0x1f),
  ]),
  Buffer.from("40036b65790576616c7565bebe3f00be", "hex"),
];

export const headerBlocks = fuzzTarget({
  name: "header-blocks",
  rule: "any header blocks are fields that come out again when written anew, or a fault of the connection",
  testRuns: 300,
  inputs: fc.array(mutated(BLOCKS), { minLength: 1, maxLength: 3 }),
  kept: [],
  holds: (all) => {
    const decoder = new HpackDecoder();
    try {
      for (const one of all) {
        const fields = decoder.decode(one) ?? [];
        const anew = new HpackDecoder().decode(Buffer.concat(fields.map(encodeField)));
        const plain = (list: typeof fields): unknown =>
          list.map(({ name, value, neverIndexed }) => [name, value, neverIndexed]);
        deepStrictEqual(plain(anew ?? []), plain(fields));
      }
    } catch (error) {
      if (!(error instanceof ConnectionFault)) throw error;
    }
  },
});
