import { describe, expect, test } from "vitest";
import { declared } from "./folder.js";

/** The language as real modules use it; each part once between other blocks and an integration. */
const PARTS: Readonly<Record<string, string>> = {
  "required providers": `terraform {
  required_version = "~> 1.6"
  required_providers {
    aws = {
      source                = "hashicorp/aws"
      version               = ">= 5.0, < 6.0"
      configuration_aliases = [aws.eu]
    }
  }
  backend "s3" {
    bucket = "state"
  }
}`,
  variables: `variable "tags" {
  type = map(object({
    name     = string
    optional = optional(list(number), [1, 2])
  }))
  default     = {}
  sensitive   = true
  description = "An \\"integration\\" of \${not} — no, of $\${literally} this."
  validation {
    condition     = alltrue([for k, v in var.tags : length(v.name) > 0 && !startswith(k, "aws:")])
    error_message = "Names must not be empty."
  }
}`,
  locals: `locals {
  names  = { for name, tag in var.tags : upper(name) => tag.name... if tag.name != "" }
  first  = try(local.names["X"][0], null)
  all    = aws_instance.web[*].id
  legacy = aws_instance.web.*.id
  sum    = (1 + 2) * -3 % 4 >= 5 ? "yes" : "no"
  nested = "a\${"b\${"c"}"}"
}`,
  heredocs: `resource "aws_iam_policy" "p" {
  policy = <<-EOT
    {
      "Statement": "integration \\"x\\" {",
      "Resource": "\${aws_s3_bucket.b.arn}/*"
    }
  EOT
  other = <<EOF
%{ for ip in aws_instance.web.*.private_ip ~}
server \${ip}
%{ endfor ~}
EOF
}`,
  "dynamic blocks": `resource "aws_security_group" "g" {
  for_each = toset(["a", "b"])
  dynamic "ingress" {
    for_each = var.ports
    content {
      from_port = ingress.value
      to_port   = ingress.value
    }
  }
  lifecycle {
    ignore_changes = [tags["x"], name]
    precondition {
      condition     = self.id != ""
      error_message = "no"
    }
  }
}`,
  "a resource with integration blocks of its own": `resource "genesys_flow" "f" {
  integration {
    id = var.id
  }
  integration "labelled" {
    id = var.id
  }
}`,
  "modules, data and outputs": `module "site" {
  source    = "./modules/site"
  providers = { aws = aws.eu }
  count     = var.enabled ? 1 : 0
}
data "aws_ami" "a" { most_recent = true }
output "id" { value = module.site[0].id }
moved {
  from = aws_instance.a
  to   = module.site[0].aws_instance.a
}
import {
  to = aws_instance.a
  id = "i-1"
}
check "health" {
  assert {
    condition     = data.http.h.status_code == 200
    error_message = "\${data.http.h.url} is down"
  }
}`,
  comments: `# integration "a" {
// integration "b" {
/* terraform {
  integration "c" {}
} */`,
};

const INTEGRATION = '\nterraform {\n  integration "subject" {\n    source = "./subject"\n  }\n}\n';

describe("an integration beside", () => {
  test.each(Object.entries(PARTS))("%s", async (_name, part) => {
    for (const text of [part + INTEGRATION, INTEGRATION + part, INTEGRATION + part.replaceAll("\n", "\r\n")]) {
      expect(await declared({ "main.tf": text })).toMatchObject([{ name: "subject", source: "./subject" }]);
    }
  });

  test("all of it", async () => {
    const text = Object.values(PARTS).join("\n\n");
    expect(await declared({ "main.tofu": `${text}\n${INTEGRATION}` })).toMatchObject([{ name: "subject" }]);
    expect(await declared({ "main.tofu": text })).toEqual([]);
  });
});
