import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../support/projects.js";
import { testBroker } from "./servers.js";

const KIB = 1024;

function read(directory: string, path: string, more: object = {}, limits = {}) {
  return testBroker({ directory, files: [path], limits }).ask("files/read", { path, ...more });
}

describe("a granted file", () => {
  it("is given as text, or in base64", async () => {
    const folder = temporaryFolder({ "prices.json": '{"é":1}' });
    expect((await read(folder, "./prices.json")).content).toBe('{"é":1}');
    const { content } = await read(folder, "./prices.json", { encoding: "base64" });
    expect(Buffer.from(content ?? "", "base64").toString()).toBe('{"é":1}');
  });

  it("is text only if it is UTF-8, without loss", async () => {
    const folder = temporaryFolder({ "prices.bin": Buffer.from([0xff]) });
    expect((await read(folder, "./prices.bin")).code).toBe("REQUEST_FILE");
    expect((await read(folder, "./prices.bin", { encoding: "base64" })).content).toBe("/w==");
  });

  it("may have the allowed size and no byte more", async () => {
    const folder = temporaryFolder({ fits: "x".repeat(KIB), large: "x".repeat(KIB + 1) });
    expect((await read(folder, "fits", {}, { contentBytes: KIB })).content).toHaveLength(KIB);
    expect((await read(folder, "large", {}, { contentBytes: KIB })).code).toBe("REQUEST_TOO_LARGE");
  });

  it("may be a symlink inside the folder, or lie in a folder that is one", async () => {
    const folder = temporaryFolder({ "prices.json": "1" });
    mkdirSync(join(folder, "data"));
    writeFileSync(join(folder, "data", "more.json"), "2");
    symlinkSync("prices.json", join(folder, "linked.json"));
    symlinkSync("data", join(folder, "linked"));
    expect((await read(folder, "./linked.json")).content).toBe("1");
    expect((await read(folder, "./linked/more.json")).content).toBe("2");
  });

  it("may be reached by a folder that is a symlink itself", async () => {
    const folder = temporaryFolder();
    const real = temporaryFolder({ "prices.json": "1" });
    symlinkSync(real, join(folder, "root"));
    expect((await read(join(folder, "root"), "./prices.json")).content).toBe("1");
  });
});

describe("is refused", () => {
  it("a file that is not granted, and the line that would grant it is told", async () => {
    const folder = temporaryFolder({ "prices.json": "1", "other.json": "2" });
    const broker = testBroker({ directory: folder, files: ["./prices.json"] });
    const { code, message } = await broker.ask("files/read", { path: "./other.json" });
    expect(code).toBe("REQUEST_NOT_GRANTED");
    expect(message).toContain('grants = { files = ["./other.json"] }');
  });

  it.each(["prices.json", "./x/../prices.json", ".//prices.json", "./PRICES.json", "./prices.json\u0000", ""])(
    "%j, for it is not the granted path to the letter",
    async (path) => {
      const folder = temporaryFolder({ "prices.json": "1" });
      const broker = testBroker({ directory: folder, files: ["./prices.json"] });
      expect((await broker.ask("files/read", { path })).code).toBe("REQUEST_NOT_GRANTED");
    },
  );

  it("a symlink out of the folder, as a file and as a folder", async () => {
    const outside = temporaryFolder({ "secret.json": "1" });
    const folder = temporaryFolder();
    symlinkSync(join(outside, "secret.json"), join(folder, "linked.json"));
    symlinkSync(outside, join(folder, "linked"));
    symlinkSync(`${outside}/../${basename(folder)}`, join(folder, "around"));
    expect((await read(folder, "./linked.json")).code).toBe("REQUEST_FILE");
    expect((await read(folder, "./linked/secret.json")).code).toBe("REQUEST_FILE");
    // Out and in again is inside.
    writeFileSync(join(folder, "prices.json"), "1");
    expect((await read(folder, "./around/prices.json")).content).toBe("1");
  });

  it("a folder beside it whose name starts alike", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "root"));
    mkdirSync(join(folder, "root-2"));
    writeFileSync(join(folder, "root-2", "secret.json"), "1");
    symlinkSync("../root-2/secret.json", join(folder, "root", "linked.json"));
    expect((await read(join(folder, "root"), "./linked.json")).code).toBe("REQUEST_FILE");
  });

  it("what is no regular file, without waiting for it", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "folder"));
    execFileSync("mkfifo", [join(folder, "pipe")]);
    symlinkSync("/dev/zero", join(folder, "device"));
    for (const path of ["./folder", "./pipe", "./device", "./missing"]) {
      expect((await read(folder, path)).code).toBe("REQUEST_FILE");
    }
  });
});
