const CHDIR = "-chdir=";

/**
 * A command line of `airlock metadata` as our own parser takes it: options that stand in front of the command, as core
 * wants `-chdir=DIR`, stand behind it, and `-chdir=` has two dashes.
 */
export function metadataArguments(argv: readonly string[]): string[] {
  const at = argv.indexOf("metadata");
  const front = argv.slice(0, at);
  const [command, ...rest] = argv.slice(at + 1);
  const isOption = command?.startsWith("-") ?? true;
  const line = isOption
    ? ["metadata", ...front, ...argv.slice(at + 1)]
    : ["metadata", command ?? "", ...front, ...rest];
  const end = line.indexOf("--");
  return line.map((argument, index) => {
    return argument.startsWith(CHDIR) && (end < 0 || index < end) ? `-${argument}` : argument;
  });
}
