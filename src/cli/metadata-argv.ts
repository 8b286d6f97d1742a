const CHDIR = "-chdir=";
/** Options that may stand anywhere and take the next argument. */
const WITH_VALUE: ReadonlySet<string> = new Set(["--core", "--chdir"]);

/**
 * A command line of `airlock metadata` as our own parser takes it: options that stand in front of its subcommand, as
 * core wants `-chdir=DIR`, stand behind it, and `-chdir=` has two dashes.
 */
export function metadataArguments(argv: readonly string[]): string[] {
  const at = argv.indexOf("metadata");
  const others = argv.toSpliced(at, 1);
  const isWord = (argument: string, index: number): boolean => {
    return index >= at && !argument.startsWith("-") && !WITH_VALUE.has(others[index - 1] ?? "");
  };
  const command = others.findIndex(isWord);
  const words = command < 0 ? [] : [others[command] ?? ""];
  const line = ["metadata", ...words, ...(command < 0 ? others : others.toSpliced(command, 1))];
  const end = line.indexOf("--");
  return line.map((argument, index) => {
    return argument.startsWith(CHDIR) && (end < 0 || index < end) ? `-${argument}` : argument;
  });
}
