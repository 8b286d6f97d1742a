import { describe, expect, it } from "vitest";
import { mayLeadTo } from "../../src/broker/addresses.js";
import type { Reach } from "../../src/broker/addresses.js";
import { AUTHORITY, httpServer, httpsServer, names, testBroker } from "./servers.js";

const PUBLIC = ["1.1.1.1", "172.15.0.1", "172.32.0.1", "100.128.0.1", "192.169.0.1", "2606:4700::1111", "2a00::1"];
const PRIVATE = ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "fd00::1"];
const LOOPBACK = ["127.0.0.1", "127.255.255.255", "::1"];
const NEVER = [
  "0.0.0.0",
  "169.254.169.254",
  "192.0.0.192",
  "192.0.2.1",
  "198.18.0.1",
  "203.0.113.1",
  "224.0.0.1",
  "255.255.255.255",
  "100.100.100.200",
  "::",
  "fe80::1",
  "fe80::1%eth0",
  "fd00:ec2::254",
  "ff02::1",
  "::ffff:1.1.1.1",
  "::ffff:127.0.0.1",
  "::ffff:a9fe:a9fe",
  "64:ff9b::a9fe:a9fe",
  "2001::1",
  "2002:7f00:1::",
  "2001:db8::1",
  "no address",
  "",
];

const allowed = (addresses: readonly string[], reach: Reach): string[] =>
  addresses.filter((address) => mayLeadTo({ address, family: 0 }, reach));

describe("a name may lead", () => {
  it("to public addresses alone, without more", () => {
    expect(allowed([...PUBLIC, ...PRIVATE, ...LOOPBACK, ...NEVER], "public")).toEqual(PUBLIC);
  });

  it("to private networks and this machine, too, where the grant says so", () => {
    const expected = [...PUBLIC, ...PRIVATE, ...LOOPBACK];
    expect(allowed([...PUBLIC, ...PRIVATE, ...LOOPBACK, ...NEVER], "private")).toEqual(expected);
  });

  it("to this machine alone, when it is localhost", () => {
    expect(allowed([...PUBLIC, ...PRIVATE, ...LOOPBACK, ...NEVER], "loopback")).toEqual(LOOPBACK);
  });
});

describe("a granted name that resolves to this machine", () => {
  const network = {
    certificateAuthorities: [AUTHORITY],
    lookup: names({
      "prices.example": ["127.0.0.1"],
      "mixed.example": ["1.1.1.1", "127.0.0.1"],
      localhost: ["10.0.0.1"],
    }),
  };

  it("is refused before anything is sent, and the grant that would allow it is told", async () => {
    let asked = 0;
    const port = await httpsServer((_request, response) => {
      asked++;
      response.end();
    });
    const broker = testBroker({ hosts: [`prices.example:${port}`], network });
    const { code, message } = await broker.fetch(`https://prices.example:${port}/`);
    expect(code).toBe("REQUEST_PRIVATE_ADDRESS");
    expect(message).toContain(`private:prices.example:${port}`);
    expect(asked).toBe(0);
  });

  it("is refused when only one of its addresses does", async () => {
    const broker = testBroker({ hosts: ["mixed.example:443"], network });
    expect((await broker.fetch("https://mixed.example/")).code).toBe("REQUEST_PRIVATE_ADDRESS");
  });

  it("is reached where the grant says private, by its own name", async () => {
    const hosts: unknown[] = [];
    const port = await httpsServer((request, response) => {
      hosts.push(request.headers.host);
      response.end("ok");
    });
    const broker = testBroker({ hosts: [`private:prices.example:${port}`], network });
    expect((await broker.fetch(`https://prices.example:${port}/`)).result?.body).toBe("ok");
    expect(hosts).toEqual([`prices.example:${port}`]);
  });

  it("is refused as localhost when that is another machine", async () => {
    const broker = testBroker({ hosts: ["http://localhost:80"], network });
    expect((await broker.fetch("http://localhost/")).code).toBe("REQUEST_PRIVATE_ADDRESS");
  });

  it("is resolved once for a connection, so a second answer changes nothing", async () => {
    const port = await httpServer((_request, response) => response.end("ok"));
    let lookups = 0;
    const lookup = () => Promise.resolve([{ address: ++lookups === 1 ? "127.0.0.1" : "169.254.169.254", family: 4 }]);
    const broker = testBroker({ hosts: [`private:http://rebinding.example:${port}`], network: { lookup } });
    expect((await broker.fetch(`http://rebinding.example:${port}/`)).result?.body).toBe("ok");
    expect(lookups).toBe(1);
    expect((await broker.fetch(`http://rebinding.example:${port}/`)).code).toBe("REQUEST_PRIVATE_ADDRESS");
  });

  it("without an address is told of as not reachable", async () => {
    const broker = testBroker({ hosts: ["none.example:443"], network });
    expect((await broker.fetch("https://none.example/")).code).toBe("REQUEST_UNREACHABLE");
  });
});
