// Protocol v1 by hand: one request line in, one response line out.

import { Json, Kind, member, parse, quote } from "./json";
import { Config, judge, readConfig } from "./policy";

const HOOK = "post-plan-resource";
const INITIALIZED =
  '{"name":"required-tags","version":"1.0.0","protocol_version":1,"hooks":["post-plan-resource"],"stateless":true}';

let config: Config | null = null;

/** Answers one line; "" for a notification, which has no answer. */
export function answer(line: string): string {
  const request = parse(line);
  if (request == null) return failure("null", -32700, "the line is not JSON");
  const version = request.get("jsonrpc");
  const method = request.get("method");
  if (version == null || version.text != "2.0" || !version.isString() || method == null || !method.isString()) {
    return failure("null", -32600, "the line is no JSON-RPC 2.0 request");
  }
  const id = request.get("id");
  return id == null ? "" : call(write(id), method.text, request.get("params"));
}

function call(id: string, method: string, params: Json | null): string {
  if (method == "initialize") return initialize(id, params);
  if (method == "ping") return result(id, "null");
  if (method == "shutdown") {
    config = null;
    return result(id, "null");
  }
  if (method != HOOK) return failure(id, -32601, "unknown method: " + method);
  const known = config;
  if (known == null) return failure(id, -32600, "initialize must come first");
  if (!hasRecord(params, "run")) return failure(id, -32602, HOOK + " lacks its run");
  const type = member(params, "type");
  if (type == null || !type.isString()) return failure(id, -32602, HOOK + " lacks its resource type");
  return result(id, judge(params!, known));
}

function initialize(id: string, params: Json | null): string {
  const version = member(params, "protocol_version");
  const asked = version != null && version.kind == Kind.Number ? version.text : "none";
  if (asked != "1") return failure(id, -32602, "protocol version 1 is spoken here; asked for: " + asked);
  const complete = hasRecord(params, "host") && hasRecord(params, "integration") && hasRecord(params, "config");
  if (!complete || member(params, "core") == null) {
    return failure(id, -32602, "initialize lacks host, integration or config");
  }
  const read = new Config();
  const fault = readConfig(member(params, "config")!, read);
  if (fault != "") return failure(id, -32602, fault);
  config = read;
  return result(id, INITIALIZED);
}

function hasRecord(params: Json | null, key: string): bool {
  const value = member(params, key);
  return value != null && value.isRecord();
}

/** An id as it came: a string, a number or null. */
function write(id: Json): string {
  if (id.isString()) return quote(id.text);
  return id.kind == Kind.Number ? id.text : "null";
}

function result(id: string, value: string): string {
  return '{"jsonrpc":"2.0","id":' + id + ',"result":' + value + "}";
}

function failure(id: string, code: i32, message: string): string {
  const error = '{"code":' + code.toString() + ',"message":' + quote(message) + "}";
  return '{"jsonrpc":"2.0","id":' + id + ',"error":' + error + "}";
}
