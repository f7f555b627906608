/**
 * A crowd of pages in a process of its own, so that its CPU is not the panel's:
 * `bun clients.ts URL COOKIES COUNT SECONDS` opens COUNT event streams and prints {"events", "bytes"} when the time is over.
 * COOKIES are separated by line breaks: one session may have no more than 100 streams.
 */
const [url = '', cookies = '', count = '1', seconds = '10'] = process.argv.slice(2);
const abort = new AbortController();
let events = 0;
let bytes = 0;

async function follow(cookie: string) {
  const answer = await fetch(url, { headers: { cookie, accept: 'text/event-stream' }, signal: abort.signal });
  if (answer.status !== 200) throw new Error(`stream answered ${answer.status}`);
  const mark = new TextEncoder().encode('event: sample');
  for await (const chunk of answer.body!) {
    bytes += chunk.length;
    for (let at = 0; (at = Buffer.from(chunk).indexOf(mark, at)) >= 0; at += mark.length) events++;
  }
}

const streams = Array.from({ length: Number(count) }, (_, i) => follow(cookies.split('\n')[Math.floor(i / 100)]!).catch((error: Error) => {
  if (error.name !== 'AbortError') throw error;
}));
console.log('open');
await Bun.sleep(Number(seconds) * 1000);
abort.abort();
await Promise.all(streams);
console.log(JSON.stringify({ events, bytes }));
process.exit(0);
