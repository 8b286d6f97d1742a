import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { procSampler, psSampler, systemSampler } from "../../../runtimes/executable/group-use.js";
import type { GroupUse, GroupUses } from "../../../runtimes/executable/group-use.js";
import { GroupWatch } from "../../../runtimes/executable/group-watch.js";
import { isAlive, NODE_HEAD, request, resultOf, useGuests } from "./guests.js";

const { start } = useGuests();
const MIB = 1024 * 1024;
const OVER = { code: "GUEST_MEMORY", gone: true, integration: "sample" };

/** Takes \`params.mib\` of memory and touches all of it, then answers. */
const HOG = `${NODE_HEAD}
const kept = [];
on(({ id, params }) => {
  for (let at = 0; at < params.mib; at++) kept.push(Buffer.alloc(1024 * 1024, 1));
  setTimeout(() => reply(id, process.pid), params.waitMs ?? 0);
});
`;

describe("the memory of an executable", () => {
  it("may be up to its limit", async () => {
    const guest = await start(HOG, { limits: { memoryBytes: 400 * MIB } });
    await expect(resultOf(guest, 1, { mib: 100, waitMs: 200 })).resolves.toBeTypeOf("number");
  });

  it("over its limit ends it in the middle of a call", async () => {
    const guest = await start(HOG, { limits: { memoryBytes: 150 * MIB } });
    const pid = Number(await resultOf(guest, 1, { mib: 1 }));
    await expect(guest.exchange(request(2, { mib: 300, waitMs: 5_000 }))).rejects.toMatchObject(OVER);
    await expect(guest.exchange(request(3))).rejects.toMatchObject({ code: "GUEST_GONE" });
    await expect.poll(() => isAlive(pid)).toBe(false);
  });

  it("over its limit ends it between calls too", async () => {
    const guest = await start(
      `${NODE_HEAD}
on(({ id }) => { reply(id, process.pid); setTimeout(() => { global.kept = Buffer.alloc(300 * 1024 * 1024, 1); }, 50); });
`,
      { limits: { memoryBytes: 150 * MIB } },
    );
    const pid = Number(await resultOf(guest, 1));
    await expect.poll(() => isAlive(pid), { interval: 100, timeout: 5_000 }).toBe(false);
    await expect(guest.exchange(request(2))).rejects.toMatchObject({ gone: true });
  });

  it("is that of all its processes together", async () => {
    const child = "const a = Buffer.alloc(200 * 1024 * 1024, 1); setInterval(() => a.length, 1000)";
    const guest = await start(
      `${NODE_HEAD}
require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(child)}], { stdio: "ignore" });
on(() => {});
`,
      { limits: { memoryBytes: 180 * MIB } },
    );
    await expect(guest.exchange(request(1))).rejects.toMatchObject(OVER);
  });
});

describe("the processes of an executable", () => {
  const STARTS = `${NODE_HEAD}
on(({ id, params }) => {
  for (let at = 0; at < params.count; at++) require("node:child_process").spawn("/bin/sleep", ["60"], { stdio: "ignore" });
  setTimeout(() => reply(id, process.pid), 300);
});
`;

  it("may be as many as its limit", async () => {
    const guest = await start(STARTS, { limits: { processes: 4 } });
    await expect(resultOf(guest, 1, { count: 3 })).resolves.toBeTypeOf("number");
  });

  it("over its limit are all killed", async () => {
    const guest = await start(STARTS, { limits: { processes: 4 } });
    const over = { ...OVER, code: "GUEST_PROCESSES" };
    await expect(guest.exchange(request(1, { count: 4 }))).rejects.toMatchObject(over);
  });
});

describe("the samplers", () => {
  const root = mkdtempSync(join(tmpdir(), "airlock-proc-"));
  afterAll(() => {
    rmSync(root, { recursive: true });
  });
  const addProcess = (pid: number, name: string, group: number, kib: number, parent = 1): void => {
    mkdirSync(join(root, String(pid)), { recursive: true });
    writeFileSync(join(root, String(pid), "stat"), `${pid} (${name}) S ${parent} ${group} ${group} 0 -1 4194304 100\n`);
    writeFileSync(join(root, String(pid), "status"), `Name:\t${name}\nVmRSS:\t  ${kib} kB\nThreads:\t1\n`);
  };

  it("add up the processes of each group asked for, whatever they call themselves", async () => {
    mkdirSync(join(root, "acpi"), { recursive: true });
    mkdirSync(join(root, "404"), { recursive: true });
    addProcess(10, "a", 10, 100);
    addProcess(11, "x) S 1 99 (", 10, 50);
    addProcess(12, "b", 12, 7);
    addProcess(13, "c", 13, 1_000);
    const memory = await procSampler(root)(new Set([10, 12, 77]));
    expect([...memory]).toEqual([
      [10, { bytes: 150 * 1024, processes: 2 }],
      [12, { bytes: 7 * 1024, processes: 1 }],
    ]);
  });

  it("count what left its group for a session of its own, and what that started, with who started it", async () => {
    addProcess(30, "leader", 30, 1);
    addProcess(35, "left", 35, 2, 30);
    addProcess(34, "below", 34, 4, 35);
    expect((await procSampler(root)(new Set([30]))).get(30)).toEqual({ bytes: 7 * 1024, processes: 3 });
  });

  it("see a process that joins a group later, within 20 samples", async () => {
    addProcess(20, "late", 1, 5);
    const sample = procSampler(root);
    const groups = new Set([21]);
    expect((await sample(groups)).size).toBe(0);
    addProcess(20, "late", 21, 5);
    addProcess(22, "new", 21, 3);
    expect((await sample(groups)).get(21)?.bytes).toBe(3 * 1024);
    for (let at = 0; at < 20; at++) await sample(groups);
    expect((await sample(groups)).get(21)?.bytes).toBe(8 * 1024);
  });

  it("of this machine and ps agree about a real group", async () => {
    const guest = await start(`${NODE_HEAD}on(({ id }) => reply(id, process.pid));\n`);
    const pid = Number(await resultOf(guest, 1));
    const [own, ps] = await Promise.all([systemSampler(), psSampler()].map(async (sample) => sample(new Set([pid]))));
    const [bytes = 0, other = 0] = [own, ps].map((uses) => uses?.get(pid)?.bytes);
    expect(bytes).toBeGreaterThan(10 * MIB);
    expect(Math.abs(bytes - other)).toBeLessThan(20 * MIB);
    expect([own?.get(pid)?.processes, ps?.get(pid)?.processes]).toEqual([1, 1]);
  });
});

describe("the watch", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const use = (bytes: number, processes = 1) => ({ bytes, processes });
  const limits = (memoryBytes: number, processes = 2) => ({ memoryBytes, processes });
  const samples = (count: number): Promise<unknown> => vi.advanceTimersByTimeAsync(50 * count);

  it("reports a group once, and none at its limit", async () => {
    const reports: number[] = [];
    const uses = new Map([
      [1, use(100, 2)],
      [2, use(101)],
      [3, use(1, 3)],
    ]);
    const watch = new GroupWatch(() => uses);
    for (const group of uses.keys()) {
      watch.add(group, limits(100), (used) => {
        expect(used).toBe(uses.get(group));
        reports.push(group);
      });
    }
    await samples(5);
    expect(reports).toEqual([2, 3]);
  });

  it("asks only for groups that are there, and has no timer without any", async () => {
    const asked: number[][] = [];
    const watch = new GroupWatch((groups) => {
      asked.push([...groups]);
      return new Map();
    });
    const ends = [watch.add(1, limits(1), () => undefined), watch.add(2, limits(1), () => undefined)];
    await samples(1);
    ends[0]?.();
    await samples(1);
    ends[1]?.();
    expect(vi.getTimerCount()).toBe(0);
    watch.add(3, limits(1), () => undefined);
    await samples(1);
    expect(asked).toEqual([[1, 2], [2], [3]]);
  });

  it("takes one sample at a time, however long it takes, and reports nothing for a group that has gone meanwhile", async () => {
    const waiting: ((uses: GroupUses) => void)[] = [];
    const reports: number[] = [];
    const watch = new GroupWatch(() => new Promise((resolve) => waiting.push(resolve)));
    const end = watch.add(1, limits(1), () => reports.push(1));
    watch.add(2, limits(1), () => reports.push(2));
    await samples(10);
    expect(waiting).toHaveLength(1);
    end();
    waiting[0]?.(
      new Map([
        [1, use(5)],
        [2, use(5)],
      ]),
    );
    await samples(1);
    expect(reports).toEqual([2]);
  });

  it("reports every group when memory cannot be measured three times in a row, not for a single failure", async () => {
    const reports: (GroupUse | null)[] = [];
    let taken = 0;
    const watch = new GroupWatch(() => {
      taken++;
      if (taken !== 3) throw new Error("no ps");
      return new Map([[1, use(5)]]);
    });
    watch.add(1, limits(100), (used) => reports.push(used));
    await samples(5);
    expect(reports).toEqual([]);
    await samples(1);
    expect(reports).toEqual([null]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
