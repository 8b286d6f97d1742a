# What `npm run demo` declares. Paths start from this folder.

integration "logger" {
  source = "../logger"
}

integration "required_tags" {
  source = "../required-tags"
  config = { required_tags = ["owner", "cost-center"] }
}

integration "cost_estimator" {
  source = "../cost-estimator"
}

integration "budget_checker" {
  source = "../budget-checker"
  config = { max_cost = 450 }
  after  = ["cost_estimator"]
}

integration "policy_validator" {
  source = "../policy-validator"
  config = {
    rules = [
      { name = "encrypted-volumes", type = "aws_ebs_volume", path = "encrypted", operator = "equals", value = true, severity = "high" },
      { name = "no-open-ssh", type = "aws_security_group", path = "ingress.*.cidr_blocks.*", operator = "not_equals", value = "0.0.0.0/0" },
      { name = "bucket-names", type = "aws_s3_bucket", path = "bucket", operator = "matches", value = "^acme-", severity = "low" },
    ]
  }
}
