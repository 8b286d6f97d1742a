/** What the process that fuzzes one target tells the one that started it. */
export type FuzzMessage =
  /** A batch begins; if nothing more is heard, it is the one that hangs or kills. */
  | { readonly kind: "batch"; readonly seed: number }
  | { readonly kind: "runs"; readonly runs: number }
  | { readonly kind: "failure"; readonly text: string };

/** What it is to do; one argument of its command line, as JSON. */
export interface FuzzTask {
  readonly target: string;
  readonly seed: number;
  readonly seconds: number;
}
