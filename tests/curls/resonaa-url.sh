curl -X POST -F api_key=YOUR_COMPANY_API_KEY -F audio_url=https://example.com/recording.mp3 -F customer_name="Acme Corp" https://your-domain.com/api/add-calls
