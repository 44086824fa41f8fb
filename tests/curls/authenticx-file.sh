curl -X POST https://api.beauthenticx.com/Media/Upload \
  -H 'Authorization: Bearer <token>' \
  -F file=@/path/to/call.mp3 \
  -F 'metadata={
    "FileName": "topfolder/subfolder/subsubfolder/filename.mp3",
    "UploadType": "Audio",
    "CallDirection": "Inbound",
    "Name": "Alice",
    "Phone": "800-555-5555",
    "AgentFirstName": "James",
    "AgentLastName": "Bond",
    "AgentCode": "007",
    "InteractionDate": "2022-03-18T17:56:09.8683110-04:00",
    "ExtendedMetadata": [{ "Data": "Example Data"}, { "Data2": "Example Data 2", "ExampleKey": "Example Value" }],
    "HierarchyId": "00000000-0000-0000-0000-000000000002",
    "ApplyHierarchyToAgent": true,
    "LocaleId": 1033,
    "ClientCallId": "5CD1S"
  }'
