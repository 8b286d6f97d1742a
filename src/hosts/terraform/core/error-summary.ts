import { stripVTControlCharacters } from "node:util";

const MAX_LINES = 4;
const MAX_CHARACTERS = 600;

/**
 * The first error in what core wrote to stderr, as one line: its title and the first lines of its text, without
 * colours and without the frame that core draws around diagnostics. Without such an error the last line that says
 * anything; empty when there is none.
 */
export function errorSummary(stderr: string): string {
  const lines = stripVTControlCharacters(stderr)
    .split("\n")
    .map((line) => line.replace(/^[\s╷│╵]+/u, "").trimEnd());
  const start = lines.findIndex((line) => line.startsWith("Error: "));
  const said = lines.filter((line) => line !== "");
  if (start < 0) return (said[said.length - 1] ?? "").slice(0, MAX_CHARACTERS);
  const [title, ...rest] = lines.slice(start).filter((line) => line !== "");
  const next = rest.findIndex((line) => /^(?:Error|Warning): /.test(line));
  const text = rest.slice(0, next < 0 ? MAX_LINES : Math.min(next, MAX_LINES));
  return [title?.slice("Error: ".length), ...text].join(" ").slice(0, MAX_CHARACTERS);
}
