import { runCompare } from "./run-compare.js";

process.exitCode = runCompare(
  process.argv.slice(2),
  (text) => process.stdout.write(text),
  (text) => process.stderr.write(text),
);
