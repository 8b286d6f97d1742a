/** Changes what core prints while it goes by. */
export interface OutputFilter {
  /** Takes what core wrote; gives what is to be shown now. */
  push(chunk: Uint8Array): Buffer;
  /** When core has ended: gives what is still to be shown. */
  end(): Buffer;
}

/** One filter behind the other; null for none. */
export function inTurn(filters: readonly OutputFilter[]): OutputFilter | null {
  const [first, ...others] = filters;
  if (first === undefined) return null;
  const rest = inTurn(others);
  return rest === null ? first : pair(first, rest);
}

function pair(first: OutputFilter, second: OutputFilter): OutputFilter {
  return {
    push: (chunk) => second.push(first.push(chunk)),
    end: () => Buffer.concat([second.push(first.end()), second.end()]),
  };
}
