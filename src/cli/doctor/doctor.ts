import { availableParallelism } from "node:os";
import pc from "picocolors";
import { formatSize } from "../../base/size-text.js";
import { formatDuration } from "../../declare/quantity.js";
import { DEFAULT_EXECUTABLE_MEMORY_BYTES, DEFAULT_LIMITS, REQUEST_LIMITS } from "../../protocol/limits.js";
import { EXIT_CODES } from "../../report/exit-code.js";
import type { ExitCode } from "../../report/exit-code.js";
import { toJsonText } from "../../report/json.js";
import { safeLine } from "../../base/neutralise.js";
import { HOST_VERSION } from "../../runtime/version.js";
import type { Format } from "../command.js";
import { useColor } from "../io.js";
import type { CliIo } from "../io.js";
import { probeCore } from "./core.js";
import { probeNode } from "./node.js";
import type { Probe } from "./probe.js";
import { probeEngine, probeIsolation, probePermissions, probeProcessGroups } from "./walls.js";

function limitLines(): string[] {
  const limits = DEFAULT_LIMITS;
  const { perSecond, concurrent, timeoutMs, contentBytes } = REQUEST_LIMITS;
  return [
    `one call               ${formatDuration(limits.timeoutMs)}`,
    `load and initialize    ${formatDuration(limits.initializeTimeoutMs)}`,
    `memory of wasm and js  ${formatSize(limits.memoryBytes)}`,
    `memory of executables  ${formatSize(DEFAULT_EXECUTABLE_MEMORY_BYTES)}`,
    `processes of one       ${limits.processes}, each with ${limits.openFiles} open files`,
    `one message            ${formatSize(limits.messageBytes)}`,
    `module or script       ${formatSize(limits.moduleBytes)}`,
    `JavaScript stack       ${formatSize(limits.stackBytes)}`,
    `table elements         ${limits.tableElements}`,
    `requests of its own    ${perSecond} HTTP requests a second, ${concurrent} at once, ${formatDuration(timeoutMs)} and ${formatSize(contentBytes)} each`,
    `log                    ${limits.logLinesPerSecond} lines a second, ${formatSize(limits.logLineBytes)} each`,
  ];
}

function renderText(probes: readonly Probe[], color: boolean): string {
  const colors = pc.createColors(color);
  const paint = { ok: colors.green, warn: colors.yellow, fail: colors.red };
  const width = Math.max(...probes.map(({ name }) => name.length)) + 2;
  const lines = probes.flatMap(({ name, status, detail, remedy }) => [
    `${paint[status](status.padEnd(5))} ${name.padEnd(width)}${safeLine(detail)}`,
    ...(remedy === null ? [] : [`${" ".repeat(6 + width)}${safeLine(remedy)}`]),
  ]);
  const limits = limitLines().map((line) => `  ${line}`);
  return `${[`airlock ${HOST_VERSION}`, ...lines, "", "Limits of a guest whose declaration names none:", ...limits].join("\n")}\n`;
}

/** Runs `airlock doctor`. Every probe is really tried, none is looked up. */
export async function runDoctor(format: Format, io: CliIo): Promise<ExitCode> {
  const probes = await Promise.all([
    Promise.resolve(probeNode(process.versions.node)),
    probeCore("tofu", io.env),
    probeCore("terraform", io.env),
    probePermissions(),
    probeEngine(),
    probeProcessGroups(),
    probeIsolation(io.env["PATH"]),
  ]);
  const limits = {
    ...DEFAULT_LIMITS,
    executableMemoryBytes: DEFAULT_EXECUTABLE_MEMORY_BYTES,
    requests: REQUEST_LIMITS,
  };
  const parallelism = availableParallelism();
  const json = { version: HOST_VERSION, platform: `${process.platform}-${process.arch}`, parallelism, probes, limits };
  io.stdout.write(format === "json" ? toJsonText(json) : renderText(probes, useColor(io.stdout, io.env)));
  return probes.some(({ status }) => status === "fail") ? EXIT_CODES.usage : EXIT_CODES.ok;
}
