/**
 * Works on at most `window` items at once and gives their outcomes in the order of the items. Reads the source no
 * faster than outcomes are taken.
 */
export async function* streamInOrder<Item, Outcome>(
  items: Iterable<Item> | AsyncIterable<Item>,
  work: (item: Item) => Promise<Outcome>,
  window: number,
): AsyncGenerator<Outcome, void, undefined> {
  const waiting: Promise<Outcome>[] = [];
  try {
    for await (const item of items) {
      const outcome = work(item);
      // A consumer that leaves early must not turn a later rejection into an unhandled one.
      outcome.catch(() => undefined);
      waiting.push(outcome);
      const oldest = waiting.length >= window ? waiting.shift() : undefined;
      if (oldest !== undefined) yield await oldest;
    }
    for (const outcome of waiting.splice(0)) yield await outcome;
  } finally {
    await Promise.allSettled(waiting);
  }
}
