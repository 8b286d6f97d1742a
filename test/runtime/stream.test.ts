import { describe, expect, it } from "vitest";
import { streamInOrder } from "../../src/runtime/stream.js";

/** Work whose items finish when told to. */
function manual(): { work: (item: number) => Promise<string>; finish: (item: number) => void; begun: number[] } {
  const waiting = new Map<number, (outcome: string) => void>();
  const begun: number[] = [];
  const work = (item: number): Promise<string> => {
    begun.push(item);
    return new Promise((resolve) => waiting.set(item, resolve));
  };
  return { work, begun, finish: (item) => waiting.get(item)?.(`done ${item}`) };
}

describe("a stream", () => {
  it("gives outcomes in the order of the items, whichever is done first", async () => {
    const { work, finish, begun } = manual();
    const stream = streamInOrder([1, 2, 3], work, 3);
    const first = stream.next();
    await Promise.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    expect(begun).toEqual([1, 2, 3]);
    finish(3);
    finish(2);
    finish(1);
    expect([(await first).value, (await stream.next()).value, (await stream.next()).value]).toEqual([
      "done 1",
      "done 2",
      "done 3",
    ]);
    expect((await stream.next()).done).toBe(true);
  });

  it("reads no further than its window ahead of what was taken", async () => {
    let read = 0;
    function* source(): Generator<number> {
      for (;;) yield ++read;
    }
    const stream = streamInOrder(source(), (item) => Promise.resolve(item), 4);
    expect((await stream.next()).value).toBe(1);
    expect(read).toBe(4);
    expect((await stream.next()).value).toBe(2);
    expect(read).toBe(5);
    await stream.return();
  });

  it("ends the source when its consumer leaves early", async () => {
    let ended = false;
    function* source(): Generator<number> {
      try {
        for (let item = 0; ; item++) yield item;
      } finally {
        ended = true;
      }
    }
    for await (const outcome of streamInOrder(source(), (item) => Promise.resolve(item), 2)) {
      if (outcome === 3) break;
    }
    expect(ended).toBe(true);
  });

  it("takes an asynchronous source and an empty one", async () => {
    async function* source(): AsyncGenerator<number> {
      yield await Promise.resolve(1);
    }
    const seen: number[] = [];
    for await (const outcome of streamInOrder(source(), (item) => Promise.resolve(item), 2)) seen.push(outcome);
    for await (const outcome of streamInOrder<number, number>([], (item) => Promise.resolve(item), 2))
      seen.push(outcome);
    expect(seen).toEqual([1]);
  });

  it("rejects where the item's work rejected", async () => {
    const stream = streamInOrder(
      [1, 2],
      (item) => (item === 1 ? Promise.reject(new Error("one")) : Promise.resolve(item)),
      2,
    );
    await expect(stream.next()).rejects.toThrow("one");
  });
});
