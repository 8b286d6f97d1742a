/** What one look at the machine gave. */
export interface Probe {
  readonly name: string;
  /** `warn`: Airlock works, but not all of it; `fail`: it cannot work here. */
  readonly status: "ok" | "warn" | "fail";
  readonly detail: string;
  readonly remedy: string | null;
}

/** A probe that found what it looked for. */
export function ok(name: string, detail: string): Probe {
  return { name, status: "ok", detail, remedy: null };
}

/** The first line of what went wrong. */
export function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
}
