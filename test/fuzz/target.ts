import fc from "fast-check";

/** What one batch of runs came to. */
export interface Outcome {
  readonly runs: number;
  /** The smallest input found that breaks the rule, and how; null when none was. */
  readonly failure: string | null;
}

/** How a batch is run. */
export interface Batch {
  readonly seed: number;
  readonly runs: number;
  /** The batch ends here at the latest, in ms from its start. */
  readonly atMostMs?: number;
  /** Inputs that broke the rule once come first. */
  readonly replays: boolean;
}

/** One thing that is fuzzed. */
export interface FuzzTarget {
  readonly name: string;
  /** What holds for every input. */
  readonly rule: string;
  /** Runs in the normal test suite: a second or so. */
  readonly testRuns: number;
  readonly run: (batch: Batch) => Promise<Outcome>;
}

interface Parts<Input> extends Pick<FuzzTarget, "name" | "rule" | "testRuns"> {
  readonly inputs: fc.Arbitrary<Input>;
  /** Throws when the rule does not hold for this input. */
  readonly holds: (input: Input) => void | Promise<void>;
  /** The corpus: inputs that broke the rule once, as `npm run fuzz` printed them. */
  readonly kept: readonly Input[];
}

/** Names of `Object.prototype`, of which nothing may ever change. */
const PROTOTYPE = Object.getOwnPropertyNames(Object.prototype).join();

/** A target; its type of input is its own affair. */
export function fuzzTarget<Input>({ inputs, holds, kept, ...parts }: Parts<Input>): FuzzTarget {
  const property = fc.asyncProperty(inputs, async (input) => {
    await holds(input);
    if (Object.getOwnPropertyNames(Object.prototype).join() !== PROTOTYPE) {
      throw new Error("Object.prototype was changed");
    }
  });
  return {
    ...parts,
    run: async ({ seed, runs, atMostMs, replays }) => {
      const details = await fc.check(property, {
        seed,
        numRuns: runs + (replays ? kept.length : 0),
        examples: replays ? kept.map((input): [Input] => [input]) : [],
        ...(atMostMs !== undefined && { interruptAfterTimeLimit: atMostMs }),
      });
      // A batch that was cut off before its first run has failed, too, but has nothing to show.
      return { runs: details.numRuns, failure: details.counterexample === null ? null : report(details) };
    },
  };
}

interface Failed {
  readonly counterexample: readonly unknown[] | null;
  readonly errorInstance: unknown;
  readonly numShrinks: number;
  readonly seed: number;
}

/** How often it was made smaller, the input as source text to be kept, and what it broke. */
function report({ counterexample, errorInstance, numShrinks, seed }: Failed): string {
  const input = fc.stringify(counterexample?.[0]);
  const why = errorInstance instanceof Error ? (errorInstance.stack ?? errorInstance.message) : String(errorInstance);
  return `seed ${seed}, shrunk ${numShrinks} times\ninput: ${input}\n${why}`;
}
