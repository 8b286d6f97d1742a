# One policy in every form that a guest can have. Under `on_error = "warn"` a form whose toolchain is not on this machine
# is a warning, and no more.

integration "js" {
  source = "../../required-tags"
  config = { required_tags = ["owner", "cost-center"] }
}

integration "wasm_plugin" {
  source = "../../required-tags-wasm-plugin"
  config = { required_tags = ["owner", "cost-center"] }
}

integration "wasm_command" {
  source = "../../required-tags-wasm-command"
  config = { required_tags = ["owner", "cost-center"] }
}

integration "wasm_go" {
  source   = "../../required-tags-go"
  config   = { required_tags = ["owner", "cost-center"] }
  on_error = "warn"
}

integration "executable_node" {
  source = "../../required-tags-node"
  config = { required_tags = ["owner", "cost-center"] }
}

integration "executable_python" {
  source   = "../../required-tags-python"
  config   = { required_tags = ["owner", "cost-center"] }
  on_error = "warn"
}
