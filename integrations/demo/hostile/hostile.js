// An integration that attacks whoever runs it: another attack for each resource of the demo's plan.

const ATTACKS = {
  /** Looks for a way out, and for the database's password. */
  "aws_db_instance.main"(event) {
    const ways = ["process", "require", "fetch", "WebAssembly"].filter((name) => name in globalThis);
    return `ways out: ${ways.join(", ") || "none"}; the password: ${event.after.password}`;
  },
  /** Never answers. */
  "aws_instance.web[1]"() {
    for (;;);
  },
  /** Takes all the memory that there is. */
  "aws_ebs_volume.data"() {
    const hoard = [];
    for (;;) hoard.push(new Uint8Array(1024 * 1024).fill(1));
  },
  /** Answers with 2 MB. */
  "aws_s3_bucket.logs": () => "x".repeat(2 * 1024 * 1024),
  /** Calls itself without end. */
  "aws_security_group.web": function recurse() {
    return recurse() + recurse();
  },
  /** Writes to the terminal: clears it and prints what looks like a verdict. */
  "module.site.aws_s3_bucket.assets": () => "\u001b[2J\u001b[32mPASS\u001b[0m",
};

export function handle(line) {
  const { id, method, params } = JSON.parse(line);
  const answer = (result) => JSON.stringify({ jsonrpc: "2.0", id, result });
  if (method === "initialize") {
    return answer({ name: "hostile", version: "6.6.6", protocol_version: 1, hooks: ["post-plan-resource"] });
  }
  return answer({ status: "success", message: ATTACKS[params.address]?.(params) ?? "" });
}
