import { deepStrictEqual } from "node:assert/strict";
import { isUtf8 } from "node:buffer";
import fc from "fast-check";
import { LineDecoder } from "../../../src/protocol/line-decoder.js";
import { PROTOCOL_ERROR_CODES, ProtocolError } from "../../../src/protocol/protocol-error.js";
import { orNamed } from "../expected-error.js";
import { chunkSizes, chunksOf, mutated } from "../mutated.js";
import { fuzzTarget } from "../target.js";

const SESSION = Buffer.from(
  '{"jsonrpc":"2.0","id":1,"result":{"name":"é"}}\r\n\n{"a":"\u{1f600}"}\r\r\n{"jsonrpc":"2.0"}',
);
const LF = 0x0a;

/** The lines by a search of the whole stream, up to the first that is too long or not UTF-8. */
function expectedLines(bytes: Buffer, maxBytes: number): { lines: string[]; isBroken: boolean } {
  const lines: string[] = [];
  for (let start = 0; ;) {
    const end = bytes.indexOf(LF, start);
    const line = bytes.subarray(start, end === -1 ? undefined : end);
    if (line.length > maxBytes) return { lines, isBroken: true };
    if (end === -1) return { lines, isBroken: false };
    const text = line.at(-1) === 0x0d ? line.subarray(0, -1) : line;
    if (!isUtf8(text)) return { lines, isBroken: true };
    lines.push(text.toString());
    start = end + 1;
  }
}

export const lines = fuzzTarget({
  name: "lines",
  rule: "any bytes in any chunks give the lines that stand in them, up to the first that is broken",
  testRuns: 500,
  inputs: fc.record({ bytes: mutated([SESSION]), sizes: chunkSizes, maxBytes: fc.integer({ min: 1, max: 90 }) }),
  kept: [],
  holds: ({ bytes, sizes, maxBytes }) => {
    const decoder = new LineDecoder(maxBytes);
    const found: string[] = [];
    let isBroken = false;
    for (const chunk of chunksOf(bytes, sizes)) {
      const some = orNamed({ type: ProtocolError, codes: PROTOCOL_ERROR_CODES }, () => decoder.push(chunk));
      if (some === null) isBroken = true;
      else found.push(...some);
      if (decoder.pendingBytes > maxBytes) throw new Error(`it holds ${decoder.pendingBytes} bytes`);
    }
    const expected = expectedLines(bytes, maxBytes);
    deepStrictEqual(isBroken, expected.isBroken);
    // Lines that came in one chunk with the broken one are lost with it.
    deepStrictEqual(found, expected.lines.slice(0, isBroken ? found.length : undefined));
  },
});
