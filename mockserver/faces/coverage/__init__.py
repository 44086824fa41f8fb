"""Rule coverage for people and their tools: in a terminal, as a page, as JUnit's XML."""
