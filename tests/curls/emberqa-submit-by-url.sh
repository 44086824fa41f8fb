curl --request POST \
  --url https://api.emberqa.com/api/scoring/submitRecording \
  --header 'Authorization: Bearer <token>' \
  --header 'Content-Type: application/json' \
  --data '
{
  "agent_name": "John D",
  "media_url": "https://example.com/call-audio.mp3",
  "is_inbound": true,
  "metadata": {
    "example_property": "example_value",
    "example_property2": "example_value2"
  },
  "supporting_docs": [
    "https://example.com/crm-information.pdf",
    "https://example.com/customer-notes.txt"
  ]
}
'
