import { connect } from "node:http2";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { Flag, FrameType, Setting } from "../../../../src/hosts/terraform/wire/frames.js";
import { HpackDecoder, MAX_HEADER_LIST } from "../../../../src/hosts/terraform/wire/hpack-decoder.js";
import { huffmanEncode } from "./huffman-encode.js";
import { RawPeer, settings } from "./raw-peer.js";
import { socketPair } from "./sockets.js";

type Pairs = readonly (readonly [name: string, value: string])[];

function hex(text: string): Buffer {
  return Buffer.from(text.replaceAll(" ", ""), "hex");
}

function decode(decoder: HpackDecoder, bytes: Buffer): Pairs | null {
  return decoder.decode(bytes)?.map(({ name, value }) => [name, value] as const) ?? null;
}

const FIRST: Pairs = [
  [":method", "GET"],
  [":scheme", "http"],
  [":path", "/"],
  [":authority", "www.example.com"],
];
const THIRD: Pairs = [
  [":method", "GET"],
  [":scheme", "https"],
  [":path", "/index.html"],
  [":authority", "www.example.com"],
  ["custom-key", "custom-value"],
];
const OLD = "Mon, 21 Oct 2013 20:13:21 GMT";
const NEW = "Mon, 21 Oct 2013 20:13:22 GMT";
const COOKIE = "foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1";
const RESPONSES: readonly Pairs[] = [
  [
    [":status", "302"],
    ["cache-control", "private"],
    ["date", OLD],
    ["location", "https://www.example.com"],
  ],
  [
    [":status", "307"],
    ["cache-control", "private"],
    ["date", OLD],
    ["location", "https://www.example.com"],
  ],
  [
    [":status", "200"],
    ["cache-control", "private"],
    ["date", NEW],
    ["location", "https://www.example.com"],
    ["content-encoding", "gzip"],
    ["set-cookie", COOKIE],
  ],
];

describe("the examples of RFC 7541, appendix C", () => {
  it.each<[string, string, Pairs]>([
    ["C.2.1", "400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572", [["custom-key", "custom-header"]]],
    ["C.2.2", "040c 2f73 616d 706c 652f 7061 7468", [[":path", "/sample/path"]]],
    ["C.2.3", "1008 7061 7373 776f 7264 0673 6563 7265 74", [["password", "secret"]]],
    ["C.2.4", "82", [[":method", "GET"]]],
  ])("%s", (_section, bytes, fields) => {
    expect(decode(new HpackDecoder(), hex(bytes))).toEqual(fields);
  });

  it.each<[string, readonly string[]]>([
    [
      "C.3: requests without Huffman",
      [
        "8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d",
        "8286 84be 5808 6e6f 2d63 6163 6865",
        "8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65",
      ],
    ],
    [
      "C.4: requests with Huffman",
      [
        "8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff",
        "8286 84be 5886 a8eb 1064 9cbf",
        "8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf",
      ],
    ],
  ])("%s", (_section, blocks) => {
    const decoder = new HpackDecoder();
    const fields = blocks.map((block) => decode(decoder, hex(block)));
    expect(fields).toEqual([FIRST, [...FIRST, ["cache-control", "no-cache"]], THIRD]);
  });

  it.each<[string, readonly string[]]>([
    [
      "C.5: responses without Huffman, a table of 256 bytes",
      [
        "4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3120 474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70 6c65 2e63 6f6d",
        "4803 3330 37c1 c0bf",
        "88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d 54c0 5a04 677a 6970 7738 666f 6f3d 4153 444a 4b48 514b 425a 584f 5157 454f 5049 5541 5851 5745 4f49 553b 206d 6178 2d61 6765 3d33 3630 303b 2076 6572 7369 6f6e 3d31",
      ],
    ],
    [
      "C.6: responses with Huffman, a table of 256 bytes",
      [
        "4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3",
        "4883 640e ffc1 c0bf",
        "88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07",
      ],
    ],
  ])("%s", (_section, blocks) => {
    const decoder = new HpackDecoder();
    // The table's size is set by the first block: 3fe101 is 256.
    const fields = blocks.map((block, at) => decode(decoder, hex(at === 0 ? `3fe1 01${block}` : block)));
    expect(fields).toEqual(RESPONSES);
  });
});

describe("a header block", () => {
  it("keeps the mark of a field that must not be indexed", () => {
    const decoder = new HpackDecoder();
    expect(decoder.decode(hex("1001 6101 62"))?.[0]).toMatchObject({ name: "a", value: "b", neverIndexed: true });
    expect(decoder.decode(hex("0001 6101 62"))?.[0]).toMatchObject({ name: "a", value: "b", neverIndexed: false });
  });

  it("may set the table to nothing and back, several times at its start", () => {
    const decoder = new HpackDecoder();
    expect(decode(decoder, hex("4001 6101 62 be"))).toHaveLength(2);
    expect(decode(decoder, hex("20 3fe11f 4001 6301 64 be"))).toEqual([
      ["c", "d"],
      ["c", "d"],
    ]);
    // What was there before is gone: index 63 names nothing.
    expect(() => decoder.decode(hex("bf"))).toThrow(expect.objectContaining({ http2Code: 9 }));
  });

  it("with a field larger than the table empties it", () => {
    const decoder = new HpackDecoder();
    decoder.decode(hex("4001 6101 62"));
    const long = Buffer.concat([hex("4001 63 7f e11f"), Buffer.alloc(0x7f + 0x61 + 0x1f * 128, 0x78)]);
    expect(decoder.decode(long)?.[0]?.value).toHaveLength(0x7f + 0x61 + 0x1f * 128);
    expect(() => decoder.decode(hex("be"))).toThrow(expect.objectContaining({ http2Code: 9 }));
  });

  it.each([
    ["index 0", "80"],
    ["an index past the static table", "be"],
    ["a name index past the static table", "7f00 0161"],
    ["a block that ends in a field", "40"],
    ["a block that ends in an integer", "ff"],
    ["a block that ends in a string", "4003 6161"],
    ["an integer without end", "ff ffffff ffffff 00"],
    ["a table over what we allowed", "3fe2 1f"],
    ["a table's size after a field", "82 20"],
    ["a wrong Huffman code", "4081 0001 61"],
  ])("of %s is a fault of compression", (_what, bytes) => {
    expect(() => new HpackDecoder().decode(hex(bytes))).toThrow(expect.objectContaining({ http2Code: 9 }));
  });

  it("may hold a list as large as the limit", () => {
    const value = MAX_HEADER_LIST - 32 - 1;
    expect(new HpackDecoder().decode(literal(value))?.[0]?.value).toHaveLength(value);
  });

  it("over the limit gives no fields, and the connection goes on", () => {
    const decoder = new HpackDecoder();
    const indexed = hex("4001 6201 63");
    expect(decoder.decode(Buffer.concat([literal(MAX_HEADER_LIST - 32), indexed]))).toBeNull();
    expect(decode(decoder, hex("be"))).toEqual([["b", "c"]]);
  });

  it("of random bytes gives fields or a fault of compression, never anything else", () => {
    const decoder = new HpackDecoder();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          expect(decoder.decode(Buffer.from(bytes))).not.toBeNull();
        } catch (error) {
          expect(error).toMatchObject({ http2Code: 9 });
        }
      }),
      { numRuns: 2000 },
    );
  });
});

/** One literal field named "a" with a value of so many bytes. */
function literal(length: number): Buffer {
  const size = [0x7f];
  let rest = length - 0x7f;
  for (; rest >= 0x80; rest >>= 7) size.push(0x80 | (rest & 0x7f));
  return Buffer.concat([hex("0001 61"), Buffer.of(...size, rest), Buffer.alloc(length, 0x78)]);
}

const NAME = fc.stringMatching(/^x-[a-z]{1,6}$/);
const VALUE = fc.stringMatching(/^[!-~]{0,80}$/);

describe("what node:http2 encodes", () => {
  it.each([0, 64, 4096])("decodes to the same fields with a table of up to %i bytes", async (tableSize) => {
    const [accepted, opened] = await socketPair();
    const server = new RawPeer(accepted, "server");
    // More than 4096 is not offered by us either, and a smaller table makes the encoder say so in its next block.
    server.send(settings([[Setting.headerTableSize, tableSize]]));
    const client = connect("http://localhost", { createConnection: () => opened });
    onTestFinished(() => {
      client.destroy();
    });
    client.on("error", () => undefined);
    await new Promise((resolve) => client.once("remoteSettings", resolve));
    const decoder = new HpackDecoder();
    let streamId = -1;
    await fc.assert(
      fc.asyncProperty(fc.dictionary(NAME, VALUE, { maxKeys: 12 }), async (fields) => {
        const stream = client.request({ ":path": "/p", ...fields }, { endStream: true });
        stream.on("error", () => undefined);
        streamId += 2;
        const { payload, flags } = await server.of(FrameType.headers, streamId);
        expect(flags & (Flag.padded | Flag.endHeaders)).toBe(Flag.endHeaders);
        const priority = (flags & Flag.priority) === 0 ? 0 : 5;
        const decoded = decode(decoder, payload.subarray(priority)) ?? [];
        const own = Object.fromEntries(decoded.filter(([name]) => name.startsWith("x-")));
        expect(own).toEqual({ ...fields });
        stream.close();
      }),
      { numRuns: 150 },
    );
  });

  it("is Huffman coded at times, so that the above means something", () => {
    expect(huffmanEncode("/tfplugin6.Provider/Plan").length).toBeLessThan(24);
  });
});
