import { Command, CommanderError } from "commander";
import { EXIT_CODES } from "../report/exit-code.js";
import type { ExitCode } from "../report/exit-code.js";
import { HOST_NAME, HOST_VERSION } from "../runtime/version.js";
import { examples } from "./command.js";
import type { CommandContext } from "./command.js";
import { defineAttest } from "./commands/attest.js";
import { defineCache } from "./commands/cache.js";
import { defineCheck } from "./commands/check.js";
import { defineDoctor } from "./commands/doctor.js";
import { defineInspect } from "./commands/inspect.js";
import { defineUpdate } from "./commands/update.js";
import { defineKeygen } from "./commands/keygen.js";
import { definePack } from "./commands/pack.js";
import { defineSign } from "./commands/sign.js";
import { defineVerify } from "./commands/verify.js";
import { defineVerifyBundle } from "./commands/verify-bundle.js";
import { defineMetadata } from "./commands/metadata.js";
import { defineMirror } from "./commands/mirror.js";
import { definePublish, defineYank } from "./commands/publish.js";
import { useColor } from "./io.js";
import type { CliIo } from "./io.js";
import { isAirlockError, renderError, renderInternalError } from "./render-error.js";
import { commandOf, isForCore } from "./for-core.js";
import { ASK_COMMANDS, askHelp, hasAskHelp } from "./ask-help.js";
import { metadataArguments } from "./metadata-argv.js";
import { hasLiveHelp, LIVE_COMMANDS, liveHelp } from "./live-help.js";
import { REAL_SERVICES } from "./services.js";
import type { Services } from "./services.js";

const EXAMPLES = ["airlock plan", "airlock check plan.json", "airlock inspect ./my-integration", "airlock doctor"];
const INTERRUPTIONS: ReadonlySet<string> = new Set([
  "CLI_INTERRUPTED",
  "CHECK_INTERRUPTED",
  "LIVE_INTERRUPTED",
  "REGISTRY_CANCELLED",
  "CACHE_CANCELLED",
]);

function makeProgram(context: CommandContext): Command {
  const { io } = context;
  const program = new Command(HOST_NAME)
    .description("Run third-party integrations inside a Terraform or OpenTofu run without trusting them.")
    .version(HOST_VERSION, "--version", "show the version")
    .helpOption("-h, --help", "show help")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => {
        io.stdout.write(text);
      },
      writeErr: (text) => {
        io.stderr.write(text);
      },
      outputError: (text, write) => {
        write(text.replace(/^error:/, "Error:").trimEnd() + "\n  (CLI_USAGE)\n");
      },
      getOutHelpWidth: () => io.stdout.columns,
      getErrHelpWidth: () => io.stderr.columns,
    })
    .addHelpText("after", ASK_COMMANDS)
    .addHelpText("after", LIVE_COMMANDS)
    .addHelpText("after", examples(...EXAMPLES));
  defineCheck(program, context);
  defineInspect(program, context);
  defineDoctor(program, context);
  defineMetadata(program, context);
  defineAttest(program, context);
  const forPackages = [definePack, defineKeygen, defineSign, defineVerify, defineVerifyBundle];
  const forOrigins = [definePublish, defineYank, defineUpdate, defineMirror, defineCache];
  for (const define of [...forPackages, ...forOrigins]) define(program, context);
  return program;
}

function exitCodeOfError(error: unknown, io: CliIo): ExitCode {
  if (error instanceof CommanderError) {
    // Commander has written its message, or the help that was asked for, already.
    return error.exitCode === 0 ? EXIT_CODES.ok : EXIT_CODES.usage;
  }
  if (isAirlockError(error)) {
    if (INTERRUPTIONS.has(error.code)) {
      io.stderr.write("interrupted\n");
      return EXIT_CODES.interrupted;
    }
    io.stderr.write(renderError(error, { color: useColor(io.stderr, io.env), cwd: io.cwd }));
    return EXIT_CODES.usage;
  }
  io.stderr.write(renderInternalError(error, { debug: io.env["AIRLOCK_DEBUG"] === "1" }));
  return EXIT_CODES.usage;
}

/** Core takes one dash, too; with two, the help is ours and core's. */
function wantsHelp(argv: readonly string[]): boolean {
  const end = argv.indexOf("--");
  return argv.slice(0, end === -1 ? argv.length : end).includes("--help");
}

/** `help COMMAND` of a command of core means what `COMMAND --help` does. */
function withoutHelpCommand(argv: readonly string[]): readonly string[] {
  const [first, command, ...others] = argv;
  return first === "help" && (hasLiveHelp(command) || command === "show") ? [command, "--help", ...others] : argv;
}

/** A command line of core, which may have options of ours in it. */
async function runForCore(argv: readonly string[], context: CommandContext): Promise<number> {
  const { io } = context;
  try {
    const { takeOwnOptions } = await import("./own-options.js");
    const { runCoreCommand } = await import("./live.js");
    const { runAskCommand } = await import("./ask.js");
    const { own, rest } = takeOwnOptions(argv);
    const command = commandOf(rest);
    if (wantsHelp(rest) && hasLiveHelp(command)) io.stdout.write(liveHelp(command));
    const words = rest.filter((argument) => !argument.startsWith("-")).join(" ");
    if (wantsHelp(rest) && hasAskHelp(words)) io.stdout.write(askHelp(words));
    return (await runAskCommand(rest, own, context)) ?? (await runCoreCommand(rest, own, context));
  } catch (error) {
    const code = exitCodeOfError(error, io);
    // Of core, 2 says that a plan has changes.
    return code === EXIT_CODES.usage ? EXIT_CODES.fail : code;
  }
}

/**
 * The command `airlock`: takes the arguments after the program's name, gives the exit code, never throws and never
 * ends the process.
 */
export async function runCli(argv: readonly string[], io: CliIo, services: Services = REAL_SERVICES): Promise<number> {
  let code: number = EXIT_CODES.ok;
  const finish = (given: number): void => {
    code = given;
  };
  const context = { io, services, finish };
  const meant = withoutHelpCommand(argv);
  if (isForCore(meant)) return runForCore(meant, context);
  try {
    const line = commandOf(argv) === "metadata" ? metadataArguments(argv) : argv;
    await makeProgram(context).parseAsync(line, { from: "user" });
    return code;
  } catch (error) {
    return exitCodeOfError(error, io);
  }
}
