const ESCAPES = new RegExp(String.raw`\u001b\[[\d;]*m`, "g");
const RESETS = new RegExp(String.raw`^(?:\u001b\[0m)+`);
const DURATIONS = /\b(after )(?:\d+m)?\d+s\b/g;
/** Lines that core prints about objects it works on at the same time, in whatever order they come. */
const PROGRESS =
  /: (?:Creating|Creation complete|Modifying|Modifications complete|Destroying|Destruction complete|Reading|Read complete|Refreshing state|Preparing import|Refreshing|Importing|Import complete|Plan to import)\b/;
/** What `init` says of providers, which it looks for at the same time. */
const PROVIDERS = /^- (?:Finding|Installing|Installed|Reusing|Using previously|Detected)/;
/** How many there are depends on how busy the machine is. */
const STILL = /: Still (?:creating|modifying|destroying|reading)\.\.\./;

/** What a text of core says that no two runs share: nothing but where it ran, how long it took, and which came first. */
export function normalText(text: string, root: string): string {
  const lines = text
    .replaceAll(root, "ROOT")
    .replace(DURATIONS, "$1TIME")
    .split("\n")
    .filter((line) => !STILL.test(line));
  // Core ends colours that it never began in front of the first line, whichever that is.
  const even = lines.map((line) => (isProgress(line) ? line.replace(RESETS, "") : line));
  return sortedRuns(even, isProgress).join("\n");
}

function isProgress(line: string): boolean {
  const text = line.replace(ESCAPES, "");
  return PROGRESS.test(text) || PROVIDERS.test(text);
}

/** Lists in the JSON of a plan or state that core writes in the order of a map of Go. */
const UNORDERED: ReadonlySet<string> = new Set(["child_modules", "relevant_attributes", "checks"]);

/** What core says with -json: without its clock. Hooks of different objects come in whatever order. */
export function normalJsonText(text: string, root: string): string {
  const lines = text.replaceAll(root, "ROOT").split("\n");
  const plain = lines.map((line) => {
    if (!line.startsWith('{"')) return line;
    const message = JSON.parse(line, (key, value: unknown) => {
      if (["@timestamp", "timestamp", "elapsed_seconds"].includes(key)) return "TIME";
      if (UNORDERED.has(key) && Array.isArray(value)) return value.map((one) => JSON.stringify(one)).sort();
      return key === "@message" && typeof value === "string" ? value.replace(DURATIONS, "$1TIME") : value;
    }) as unknown;
    return JSON.stringify(message);
  });
  return sortedRuns(plain, (line) => /"type":"(?:apply|refresh|planned_change|resource_drift)/.test(line)).join("\n");
}

/** The lines, with each run of neighbours that pass put in alphabetical order. */
function sortedRuns(lines: readonly string[], passes: (line: string) => boolean): string[] {
  const sorted: string[] = [];
  let run: string[] = [];
  for (const line of lines) {
    if (passes(line)) {
      run.push(line);
      continue;
    }
    sorted.push(...run.sort(), line);
    run = [];
  }
  return [...sorted, ...run.sort()];
}
