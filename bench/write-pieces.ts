import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

const AT_ONCE = 1024 * 1024;

/** Writes a file of any size from small pieces of text. */
export async function writePieces(file: string, pieces: Iterable<string>): Promise<void> {
  await pipeline(Readable.from(gathered(pieces)), createWriteStream(file));
}

function* gathered(pieces: Iterable<string>): Generator<string, void, undefined> {
  let held = "";
  for (const piece of pieces) {
    held += piece;
    if (held.length < AT_ONCE) continue;
    yield held;
    held = "";
  }
  if (held !== "") yield held;
}
