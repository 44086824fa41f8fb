curl -X POST https://app.voxjar.com/api/v1/upload \
-H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" \
-d '{
"sourceIdentifier": "call-67890",
"direction": "OUTBOUND",
"timestamp": "2026-06-23T14:30:00Z",
"downloadUrl": "https://storage.example.com/calls/67890.mp4"
}'
