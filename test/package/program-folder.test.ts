import { mkdirSync, symlinkSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { useFolder, WASM } from "./folder.js";

const { at, write, resolve, refusal } = useFolder();

describe("a folder without a manifest", () => {
  it.each(["sample", "sample.sh", "sample.tar.py"])(
    "gives its one program of the integration's name: %s",
    async (name) => {
      const path = write(`pkg/${name}`, "#!/bin/sh\n", 0o755);
      write("pkg/README.md", "");
      write("pkg/sampler", "#!/bin/sh\n", 0o755);
      write("pkg/sample.txt", "not a program");
      expect(await resolve("pkg")).toMatchObject({ kind: "executable", path, directory: at("pkg"), manifest: null });
    },
  );

  it("is refused with several", async () => {
    write("pkg/sample", "#!/bin/sh\n", 0o755);
    write("pkg/sample.py", "#!/bin/sh\n", 0o755);
    expect(await refusal("pkg")).toMatchObject({ code: "PACKAGE_ENTRY_AMBIGUOUS", integration: "sample" });
  });

  it("is refused with none", async () => {
    mkdirSync(at("pkg/sample"), { recursive: true });
    write("pkg/other", "#!/bin/sh\n", 0o755);
    expect((await refusal("pkg")).code).toBe("PACKAGE_ENTRY_MISSING");
  });

  it("is refused when its program may not be executed", async () => {
    write("pkg/sample.sh", "#!/bin/sh\n");
    const error = await refusal("pkg");
    expect(error.code).toBe("PACKAGE_NOT_EXECUTABLE");
    expect(error.remedy).toContain(`chmod +x ${at("pkg/sample.sh")}`);
  });

  it("is refused with a module only, and names the module as the source to use", async () => {
    write("pkg/sample.wasm", WASM);
    const error = await refusal("pkg");
    expect(error.code).toBe("PACKAGE_ENTRY_MISSING");
    expect(error.remedy).toContain(at("pkg/sample.wasm"));
  });

  it("is refused with a misspelt manifest, which is named", async () => {
    write("pkg/intergration.json", "{}");
    const error = await refusal("pkg");
    expect(error.code).toBe("PACKAGE_ENTRY_MISSING");
    expect(error.remedy).toContain("intergration.json");
  });

  it("is refused when its program is a link that leads out", async () => {
    mkdirSync(at("pkg"));
    symlinkSync(write("elsewhere", "#!/bin/sh\n", 0o755), at("pkg/sample"));
    expect((await refusal("pkg")).code).toBe("PACKAGE_ENTRY_OUTSIDE");
  });
});
