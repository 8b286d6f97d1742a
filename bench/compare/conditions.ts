import type { ComparedReport } from "./read-report.js";

/** What differs between the machines of two runs so much that times of one say nothing of the other. */
export function machineDifferences({ machine: old }: ComparedReport, { machine }: ComparedReport): readonly string[] {
  const parts = [
    ["processor", old.cpu, machine.cpu],
    ["cores", old.cores, machine.cores],
    ["system", systemOf(old.os), systemOf(machine.os)],
    ["Node", majorOf(old.node), majorOf(machine.node)],
  ] as const;
  return parts.flatMap(([what, before, after]) => (before === after ? [] : [`${what}: ${before}, now ${after}`]));
}

/** What a reader of the comparison must know. */
export function warningsOf(before: ComparedReport, after: ComparedReport): readonly string[] {
  const differences = machineDifferences(before, after);
  const sides = [
    ["earlier", before],
    ["new", after],
  ] as const;
  return [
    ...(differences.length === 0
      ? []
      : [`another machine (${differences.join("; ")}): only ratios that were measured in pairs are judged`]),
    ...sides.flatMap(([side, { quick }]) =>
      quick ? [`the ${side} run was quick: most rows have too few samples`] : [],
    ),
    ...sides.flatMap(([side, { load, machine }]) =>
      load.before > machine.cores
        ? [`the machine was busy before the ${side} run (load average ${load.before.toFixed(2)})`]
        : [],
    ),
  ];
}

/** Platform and architecture: the release of the kernel in between changes with every update. */
function systemOf(os: string): string {
  const words = os.split(" ");
  return [words[0], words.at(-1)].join(" ");
}

function majorOf(node: string): string {
  return node.split(".")[0] ?? node;
}
