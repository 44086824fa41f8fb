// Asks as a client in Node would, and tells in a line of JSON what it saw. Arguments: address, fault, seconds of patience.
const [address, fault, patience] = process.argv.slice(2);
const headers = {
  Authorization: "Bearer emberqa-demo-key",
  "Content-Type": "application/json",
  "X-Mock-Fault": fault,
};
const body = JSON.stringify({ media_url: "https://example.com/call-audio.mp3" });
const seen = { status: null, text: null, pieces: 0, error: null, cause: null };
try {
  const signal = AbortSignal.timeout(Number(patience) * 1000);
  const answer = await fetch(address, { method: "POST", headers, body, signal });
  seen.status = answer.status;
  const decoder = new TextDecoder();
  let text = "";
  for await (const piece of answer.body) {
    seen.pieces += 1;
    text += decoder.decode(piece, { stream: true });
  }
  seen.text = text;
} catch (error) {
  seen.error = error.name;
  seen.cause = error.cause?.code ?? null;
}
console.log(JSON.stringify(seen));
