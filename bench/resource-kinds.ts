/** What a measured project is made of. */
export interface ResourceKind {
  readonly type: string;
  /** The map attribute in which each resource names its owner. */
  readonly labels: string;
  /** What else is to be known of it, for titles. */
  readonly remark: string;
  /** A root module with one block of so many instances. */
  configuration(count: number): string;
}

const LATENCY_MS = 20;

/** Of a provider that does nothing but answer. */
export const TIME: ResourceKind = {
  type: "time_static",
  labels: "triggers",
  remark: "",
  configuration: (count) => `terraform {
  required_providers {
    time = { source = "hashicorp/time" }
  }
}

resource "time_static" "r" {
  count    = ${count}
  triggers = { owner = "team-\${count.index}" }
}
`,
};

/** Of a provider that takes its time for each call, as those of clouds do. */
export const CLOUD_OF_LATENCY: ResourceKind = {
  type: "mockcloud_instance",
  labels: "tags",
  remark: ` with ${LATENCY_MS} ms of latency`,
  configuration: (count) => `terraform {
  required_providers {
    mockcloud = { source = "airlock/mockcloud" }
  }
}

provider "mockcloud" {
  latency_ms = ${LATENCY_MS}
}

resource "mockcloud_instance" "r" {
  count = ${count}
  name  = "instance-\${count.index}"
  tags  = { owner = "team-\${count.index}" }
}
`,
};
