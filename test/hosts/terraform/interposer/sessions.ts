import { expect } from "vitest";
import type { ProviderIntegration } from "../../../../src/declare/block.js";
import { entryIn, NO_METADATA, withEntry } from "../../../../src/hosts/terraform/metadata/entry.js";
import { RunMetadata } from "../../../../src/hosts/terraform/metadata/run-metadata.js";
import { Sidecar } from "../../../../src/hosts/terraform/metadata/sidecar.js";
import { AddressBook } from "../../../../src/hosts/terraform/records/address-book.js";
import type { CandidateBlock } from "../../../../src/hosts/terraform/records/address-book.js";
import { idIn, ObjectIds } from "../../../../src/hosts/terraform/records/object-id.js";
import { Claims } from "../../../../src/hosts/terraform/interposer/claims.js";
import { Joined } from "../../../../src/hosts/terraform/interposer/joined.js";
import { Judge } from "../../../../src/hosts/terraform/interposer/judge.js";
import { Halt } from "../../../../src/hosts/terraform/interposer/live-run.js";
import type { LiveRun } from "../../../../src/hosts/terraform/interposer/live-run.js";
import { ProviderBlocks } from "../../../../src/hosts/terraform/interposer/provider-blocks.js";
import { ProviderSession } from "../../../../src/hosts/terraform/interposer/session.js";
import type { ConfiguredProvider } from "../../../../src/hosts/terraform/configuration/types.js";
import { SecretSet } from "../../../../src/hosts/sensitive/secret-set.js";
import { isResourceEvent } from "../../../../src/protocol/events.js";
import type { AirlockEvent, ResourceParams } from "../../../../src/protocol/events.js";
import { ProviderSchema } from "../../../../src/hosts/terraform/tfplugin/provider-schema.js";
import { diagnosticsOf } from "../../../../src/hosts/terraform/tfplugin/diagnostics.js";
import type { Diagnostic, DiagnosticMethod } from "../../../../src/hosts/terraform/tfplugin/diagnostics.js";
import type { CallHandler, RequestDecision } from "../../../../src/hosts/terraform/wire/call-handler.js";
import type { IntegrationResult } from "../../../../src/runtime/types.js";
import { FakeRuntime } from "../../fake-runtime.js";
import type { FakeAnswer, FakeOptions } from "../../fake-runtime.js";
import { schemaResponse } from "./messages.js";

export const SOURCE = "registry.opentofu.org/hashicorp/mock";
const LOCATION = { file: "main.tf", line: 1, column: 1 };

export interface SessionOptions extends FakeOptions, Partial<Pick<LiveRun, "phase">> {
  /** The blocks that the configuration has for whatever is looked for. */
  readonly blocks?: readonly CandidateBlock[];
  readonly providers?: readonly Partial<ConfiguredProvider>[];
  readonly integrations?: readonly Partial<ProviderIntegration>[];
  /** Addresses that the user wants replaced. */
  readonly forced?: readonly string[];
  readonly metadata?: RunMetadata;
  /** Folder that sources of integrations start from. */
  readonly directory?: string;
}

/** One block of the root module, which stands for one object. */
export function single(address: string, alias: string | null = null): CandidateBlock {
  return { address, single: true, alias };
}

export function configured(parts: Partial<ConfiguredProvider> = {}): ConfiguredProvider {
  const written = new Set(parts.literals?.keys());
  return { localName: "mock", alias: null, source: SOURCE, literals: new Map(), written, location: LOCATION, ...parts };
}

export function under(parts: Partial<ProviderIntegration> = {}): ProviderIntegration {
  return { provider: "mock", alias: null, name: "tagger", location: LOCATION, ...parts };
}

/** A session of core with a provider, in front of a runtime without guests. Its schema is known already. */
export function openSession(options: SessionOptions = {}) {
  const runtime = new FakeRuntime(options);
  const faults: { readonly error: unknown; readonly where: string }[] = [];
  const unshown: { readonly diagnostics: readonly Diagnostic[]; readonly id: string }[] = [];
  const judge = new Judge(runtime);
  const run: LiveRun = {
    run: { id: "run-1", command: "plan", workspace: "default" },
    phase: options.phase ?? "plan",
    judge,
    book: new AddressBook({ find: () => options.blocks ?? [] }),
    secrets: new SecretSet(),
    ids: new ObjectIds(),
    metadata: options.metadata ?? new RunMetadata(Sidecar.empty("/nowhere", "default")),
    providers: new ProviderBlocks(
      (options.providers ?? []).map(configured),
      (options.integrations ?? []).map(under),
      (source) => source,
    ),
    joined: new Joined(runtime, options.directory ?? "/nowhere"),
    claims: new Claims(),
    directory: options.directory ?? "/nowhere",
    environment: {},
    halt: new Halt(),
    isForced: (address) => options.forced?.includes(address) ?? false,
    fault: (error, where) => faults.push({ error, where }),
    unshown: (diagnostics, id) => unshown.push({ diagnostics, id }),
  };
  const session = new ProviderSession(run, { source: SOURCE, schema: new ProviderSchema(schemaResponse(), 6) });
  return { run, session, runtime, judge, faults, unshown };
}

/** An integration that says this of every event of these hooks. */
export function says(parts: Partial<IntegrationResult>, ...hooks: readonly string[]): FakeAnswer {
  return (event) => (hooks.length === 0 || hooks.includes(event.hook) ? parts : undefined);
}

/** What the provider would get. */
export function forwarded(decision: RequestDecision): Uint8Array {
  return "forward" in decision ? decision.forward : expect.fail("it was answered");
}

/** What core gets in the provider's place. */
export function answered(decision: RequestDecision): Uint8Array {
  return "answer" in decision ? decision.answer : expect.fail("it went on to the provider");
}

/** A call that goes through: what the provider got, and what core gets. */
export async function exchange(handler: CallHandler, request: Uint8Array, response: Uint8Array) {
  const sent = Uint8Array.from(request);
  const given = Uint8Array.from(response);
  const forward = forwarded(await handler.request(request));
  const answer = await handler.response(response);
  // Messages are views on received bytes, which must not be changed.
  expect([Buffer.from(request), Buffer.from(response)]).toEqual([Buffer.from(sent), Buffer.from(given)]);
  return { forward, answer };
}

/** What is behind the provider's own answer, which must stand there byte for byte. */
export function appended(answer: Uint8Array, response: Uint8Array): Uint8Array {
  expect(Buffer.from(answer.subarray(0, response.length)).equals(Buffer.from(response))).toBe(true);
  return answer.subarray(response.length);
}

/** `severity: summary` of every diagnostic in a response. */
export function heard(method: DiagnosticMethod, response: Uint8Array): string[] {
  return diagnosticsOf(method, response).map(({ severity, summary }) => `${severity}: ${summary}`);
}

/** The params of the only event of a hook. */
export function paramsOf(events: readonly AirlockEvent[], hook: string): ResourceParams {
  const [event, ...others] = events.filter((one) => one.hook === hook);
  if (event === undefined || others.length > 0 || !isResourceEvent(event)) {
    return expect.fail(`${event === undefined ? "no" : "not one"} event of ${hook}`);
  }
  return event.params;
}

export function hooksOf(events: readonly AirlockEvent[]): string[] {
  return events.map(({ hook }) => hook);
}

/** Private bytes of a provider with an id of ours in them. */
export function marked(id: string, original = ""): Uint8Array {
  const written = withEntry(Buffer.from(original), { id, address: null, metadata: NO_METADATA });
  return written.kind === "stored" ? written.bytes : expect.fail("there is no place for an id");
}

/** Private bytes in which something is stored for an integration named `one`. */
export function storing(data: Record<string, unknown>, original = "", version = 0): Uint8Array {
  const entry = { id: "an.id", address: "mock_thing.one", metadata: new Map([["one", { version, data }]]) };
  const written = withEntry(Buffer.from(original), entry);
  return written.kind === "stored" ? written.bytes : expect.fail("there is no place for it");
}

/** What private bytes hold for the integration named `one`. */
export function storedIn(bytes: Uint8Array): unknown {
  return entryIn(bytes).metadata.get("one")?.data;
}

/** The id that private bytes hold; the test ends where they hold none. */
export function idOf(bytes: Uint8Array): string {
  return idIn(bytes) ?? expect.fail("there is no id");
}
