module airlock.example/required-tags

go 1.21
