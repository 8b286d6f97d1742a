import { Host } from "@extism/as-pdk";
import { answer } from "./protocol";

/** The plug-in flavour's entry: one request line in, one response line out. */
export function handle(): i32 {
  // `Host.outputString` counts UTF-16 units where the host counts bytes.
  Host.output(Uint8Array.wrap(String.UTF8.encode(answer(Host.inputString()))));
  return 0;
}

/** Takes the place of the compiler's own `abort`, which would import `env.abort`. */
function onAbort(message: string | null, file: string | null, line: u32, column: u32): void {
  unreachable();
}
