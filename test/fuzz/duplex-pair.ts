import { Duplex } from "node:stream";

/** One end of a connection in memory: what is written here is read at the other end. */
class End extends Duplex {
  other: End | null = null;
  #taken: (() => void) | null = null;

  override _read(): void {
    const taken = this.#taken;
    this.#taken = null;
    taken?.();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    if (this.other === null || this.other.destroyed) done();
    else if (this.other.push(Buffer.from(chunk))) done();
    else this.other.#taken = done;
  }

  override _final(done: () => void): void {
    if (this.other?.destroyed === false) this.other.push(null);
    done();
  }

  /** As with a socket: the other end sees the end of what it reads. */
  override _destroy(_error: Error | null, done: () => void): void {
    if (this.other?.destroyed === false && !this.other.readableEnded) this.other.push(null);
    this._read();
    done();
  }
}

/** Two ends of one connection in memory, each with back-pressure. */
export function duplexPair(): [Duplex, Duplex] {
  const [one, other] = [new End(), new End()];
  one.other = other;
  other.other = one;
  for (const end of [one, other]) end.on("error", () => undefined);
  return [one, other];
}
