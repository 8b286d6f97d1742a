# An integration that means harm, and an honest neighbour.

integration "hostile" {
  source       = "./hostile.js"
  timeout      = "1s"
  memory       = "32MiB"
  message_size = "1MiB"
}

integration "required_tags" {
  source = "../../required-tags"
  config = { required_tags = ["owner", "cost-center"] }
}
