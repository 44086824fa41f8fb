"""The tester's side over HTTP, from its own OpenAPI document: one module a subject."""
