url -X POST https://app.voxjar.com/api/v1/upload \
-H "Authorization: Bearer $TOKEN" \
-F '[email protected]' \
-F 'payload={
"sourceIdentifier": "call-12345",
"direction": "INBOUND",
"timestamp": "2026-06-23T14:30:00Z",
"agent": { "name": "Jane", "sourceIdentifier": "agent-7" },
"customer": { "name": "Bob", "phone": "+15551234" },
"evaluation": { "scorecardId": "sc_abc123" }
}'
