curl --request POST \
  --url https://api.siro.ai/v1/core/recordings/upload \
  --header 'Content-Type: application/json' \
  --header 'x-siro-auth-token: <api-key>' \
  --data '
{
  "downloadUrl": "<string>",
  "fileType": "mp3",
  "title": "<string>",
  "userId": "<string>",
  "userEmail": "<string>",
  "userPhone": "<string>",
  "organizationId": "<string>",
  "conversationType": "<string>",
  "integrationConnectionId": "<string>",
  "crmObjects": [
    {
      "objectType": "Opportunity",
      "objectId": "<string>"
    }
  ],
  "customerPhone": "<string>",
  "customerName": "<string>",
  "dateCreated": "2023-11-07T05:31:56Z"
}
'
