import type { ChildProcess } from "node:child_process";

/** The signals that reach core while it runs. */
export const PASSED_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const;
export type PassedSignal = (typeof PASSED_SIGNALS)[number];

/** What tells of signals to this process; `process` is one. While a listener is there, a signal does not end us. */
export interface SignalSource {
  on(signal: PassedSignal, listener: () => void): unknown;
  off(signal: PassedSignal, listener: () => void): unknown;
}

/** The ones that a terminal sends to every process of the foreground group by itself. */
const FROM_TERMINAL: ReadonlySet<PassedSignal> = new Set(["SIGINT", "SIGQUIT"]);

interface Passing {
  readonly child: ChildProcess;
  readonly terminal: boolean;
  readonly signals: SignalSource;
}

/** Passes signals on to core until the function that it gives is called. */
export function passSignals({ child, terminal, signals }: Passing): () => void {
  const listeners = PASSED_SIGNALS.map((signal) => {
    const listener = (): void => {
      if (!terminal || !FROM_TERMINAL.has(signal)) child.kill(signal);
    };
    signals.on(signal, listener);
    return { signal, listener };
  });
  return () => {
    for (const { signal, listener } of listeners) signals.off(signal, listener);
  };
}
