import { outputFolder, runBench } from "./bench.js";

process.exitCode = await runBench(process.argv.slice(2), {
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
  folder: outputFolder(),
});
