/** How calls are made. */
export interface CallPlan {
  /** Calls under way at any time. */
  readonly concurrency: number;
  readonly calls: number;
}

/** How long calls took. */
export interface CallTimes {
  /** From each call to its answer, in us. */
  readonly latenciesUs: readonly number[];
  /** Wall time of all calls, divided by their number, in us. */
  readonly perCallUs: number;
}

/** Makes `calls` calls and keeps `concurrency` of them under way: each that is answered is followed by the next. */
export async function measureCalls(
  call: (index: number) => Promise<unknown>,
  { concurrency, calls }: CallPlan,
): Promise<CallTimes> {
  const latenciesUs: number[] = [];
  let next = 0;
  async function caller(): Promise<void> {
    while (next < calls) {
      const index = next++;
      const before = performance.now();
      await call(index);
      latenciesUs.push((performance.now() - before) * 1_000);
    }
  }
  const started = performance.now();
  await Promise.all(Array.from({ length: Math.min(concurrency, calls) }, caller));
  return { latenciesUs, perCallUs: ((performance.now() - started) * 1_000) / calls };
}

/** Measures in rounds after one round that is thrown away; a round gives one sample of the time per call. */
export async function measureRounds(
  call: (index: number) => Promise<unknown>,
  plan: CallPlan,
  rounds: number,
): Promise<{ readonly latenciesUs: readonly number[]; readonly perCallUs: readonly number[] }> {
  await measureCalls(call, plan);
  const measured: CallTimes[] = [];
  for (let round = 0; round < rounds; round++) measured.push(await measureCalls(call, plan));
  return {
    latenciesUs: measured.flatMap(({ latenciesUs }) => latenciesUs),
    perCallUs: measured.map(({ perCallUs }) => perCallUs),
  };
}
