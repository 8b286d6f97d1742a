import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { postgresFolder, startPostgres, type Postgres } from "../support/live/postgres.js";

const hasPostgres = postgresFolder() !== null;
if (!hasPostgres) process.stderr.write("SKIPPED tests of PostgreSQL's server: it is not installed\n");

describe.skipIf(!hasPostgres)("a PostgreSQL server of a test", () => {
  let postgres: Postgres;
  let folder = "";
  beforeAll(async () => {
    postgres = await startPostgres();
    folder = /host=(\S+)/.exec(postgres.connection)?.[1] ?? "";
  });
  afterAll(() => postgres.end());

  it("answers on a socket in a folder of its own", async () => {
    expect(existsSync(join(folder, ".s.PGSQL.5432"))).toBe(true);
    expect(await postgres.query("SELECT 1, 'a' UNION SELECT 2, NULL ORDER BY 1")).toBe("1|a\n2|");
    expect(await postgres.query("SHOW listen_addresses")).toBe("");
  });

  it("rejects with what the server says of wrong SQL", async () => {
    await expect(postgres.query("SELECT nothing")).rejects.toThrow('column "nothing" does not exist');
    await expect(postgres.session("SELECT nothing")).rejects.toThrow('column "nothing" does not exist');
  });

  it("keeps a session and its locks until it is closed", async () => {
    const isFree = () => postgres.query("SELECT pg_try_advisory_xact_lock(7)");
    const session = await postgres.session("SELECT pg_advisory_lock(7)");
    expect(await isFree()).toBe("f");
    await session.close();
    // The server frees it a moment after the client went: this waits for that, and for no longer.
    await postgres.query("SET lock_timeout = '20s'; SELECT pg_advisory_lock(7)");
    expect(await isFree()).toBe("t");
  });

  it("is gone with its folder when it is ended, which may be done twice", async () => {
    await postgres.session("SELECT 1");
    await postgres.end();
    await postgres.end();
    expect(existsSync(folder)).toBe(false);
    await expect(postgres.query("SELECT 1")).rejects.toThrow();
  });
});
