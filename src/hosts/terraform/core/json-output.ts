/**
 * Where the JSON begins in what core printed: at the first line that starts an object. In front of it core prints on
 * stdout what it finds wrong with its CLI configuration (OpenTofu, `cmd/tofu/main.go`). 0 where there is no such line.
 */
export function jsonStart(stdout: Buffer): number {
  if (stdout[0] === 0x7b) return 0;
  const line = stdout.indexOf("\n{");
  return line < 0 ? 0 : line + 1;
}

/** The JSON of what core printed, without what stands in front of it. */
export function jsonOf(stdout: Buffer): Buffer {
  return stdout.subarray(jsonStart(stdout));
}
