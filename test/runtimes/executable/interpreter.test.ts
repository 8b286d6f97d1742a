import { chmodSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { startCommand } from "../../../runtimes/executable/interpreter.js";
import { temporaryFolder } from "../../support/projects.js";

function onPath(name: string): { folder: string; program: string } {
  const folder = temporaryFolder({ [name]: "#!/bin/sh\n" });
  const program = join(folder, name);
  chmodSync(program, 0o755);
  return { folder, program };
}

describe("the interpreter of #!/usr/bin/env NAME", () => {
  it("is looked up on the host's PATH, in its order", async () => {
    const first = onPath("snake");
    const second = onPath("snake");
    expect(await startCommand("/p/x", "#!/usr/bin/env snake\n", `${first.folder}:${second.folder}`)).toEqual({
      program: first.program,
      arguments: ["/p/x"],
      interpreter: first.program,
    });
  });

  it("gets its own arguments with -S", async () => {
    const { folder, program } = onPath("snake");
    expect(await startCommand("/p/x", "#!/usr/bin/env -S snake -u  -x\nbody", folder)).toEqual({
      program,
      arguments: ["-u", "-x", "/p/x"],
      interpreter: program,
    });
  });

  it("is never taken from a relative folder of PATH, nor from a file that may not be executed", async () => {
    const folder = temporaryFolder({ snake: "" });
    for (const searchPath of [".", "", `:${folder}`]) {
      expect(await startCommand("/p/x", "#!/usr/bin/env snake\n", searchPath)).toEqual({
        program: "/p/x",
        arguments: [],
        interpreter: "/usr/bin/env",
      });
    }
  });

  it.each([
    ["#!/bin/sh\n", "/bin/sh"],
    ["#! \t/bin/sh -e\n", "/bin/sh"],
    ["#!/usr/bin/env\n", "/usr/bin/env"],
    ["#!/usr/bin/env A=1 snake\n", "/usr/bin/env"],
    ["#!/usr/bin/env snake -u\n", "/usr/bin/env"],
    ["#!/usr/bin/env ./snake\n", "/usr/bin/env"],
    ["\x7fELF", null],
    [null, null],
  ])("is none of ours in %j: the system starts that as it is", async (head, interpreter) => {
    const { folder } = onPath("snake");
    expect(await startCommand("/p/x", head, folder)).toEqual({ program: "/p/x", arguments: [], interpreter });
  });
});
