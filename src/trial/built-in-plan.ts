/** Of each type; types of several providers, so that an integration that looks at one of them finds some. */
const OF_EACH_TYPE = 6;
const TYPES: readonly (readonly [type: string, provider: string])[] = [
  ["aws_db_instance", "hashicorp/aws"],
  ["aws_iam_role", "hashicorp/aws"],
  ["aws_instance", "hashicorp/aws"],
  ["aws_s3_bucket", "hashicorp/aws"],
  ["aws_security_group", "hashicorp/aws"],
  ["azurerm_linux_virtual_machine", "hashicorp/azurerm"],
  ["azurerm_storage_account", "hashicorp/azurerm"],
  ["google_compute_instance", "hashicorp/google"],
  ["google_storage_bucket", "hashicorp/google"],
  ["kubernetes_deployment", "hashicorp/kubernetes"],
];

/** Of the values of one resource, about as long as those of a machine in a cloud. */
const SCRIPT = "systemctl enable --now app; ".repeat(20);

/** The JSON of a small plan in which every resource is created, for integrations of which no real plan is at hand. Always the same. */
export function builtInPlan(): string {
  const resources = TYPES.flatMap(([type, provider]) =>
    Array.from({ length: OF_EACH_TYPE }, (_, index) => ({
      address: `${type}.app_${index}`,
      mode: "managed",
      type,
      name: `app_${index}`,
      provider_name: `registry.opentofu.org/${provider}`,
      values: valuesOf(type, index),
    })),
  );
  return JSON.stringify({
    format_version: "1.2",
    terraform_version: "1.12.6",
    planned_values: { root_module: { resources: resources.map((one) => ({ ...one, sensitive_values: {} })) } },
    resource_changes: resources.map(({ values, ...identity }) => ({
      ...identity,
      change: {
        actions: ["create"],
        before: null,
        after: values,
        after_unknown: { id: true, arn: true },
        before_sensitive: false,
        after_sensitive: {},
      },
    })),
    configuration: {
      root_module: {
        resources: resources.map(({ values, ...identity }) => ({
          ...identity,
          expressions: { name: { constant_value: values.name } },
        })),
      },
    },
  });
}

function valuesOf(type: string, index: number) {
  const tags = {
    owner: `owner-${index}@example.com`,
    team: "platform",
    environment: "production",
    cost_center: "1000",
  };
  return {
    name: `app-${index}`,
    location: "eu-central-1",
    instance_type: "t3.micro",
    encrypted: index % 2 === 0,
    public: false,
    size_gb: 64 + index,
    tags,
    labels: tags,
    network: [{ subnet: `subnet-${index}`, security_groups: ["sg-1", "sg-2"], public_ip: false }],
    description: `${type} number ${index}`,
    user_data: SCRIPT,
  };
}
