/**
 * A journal of 2 GB on a machine of its own: how long its pages take. `bun test/bench/journal.ts [MB]`
 * Prints figures and judges nothing; it takes minutes, most of them to write the journal.
 */
import { startHostPanel } from '../support/host-panel.ts';

const MB = Number(process.argv[2] ?? 2048);
const RUNS = 10;

const WRITER = `
import socket, random, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); s.connect('/run/systemd/journal/socket')
words = 'request served upstream timeout connection closed user session opened cache miss hit query slow GET POST 200 404 502'.split()
for i in range(int(sys.argv[1])):
    text = ' '.join(random.choices(words, k=10)) + ' id=%016x %d' % (random.getrandbits(64), i)
    s.send(('MESSAGE=%s\\nPRIORITY=%d\\nSYSLOG_IDENTIFIER=%s\\n' % (text, random.choices([3, 4, 5, 6, 7], [1, 3, 10, 80, 6])[0], sys.argv[2])).encode())
`;

const panel = await startHostPanel('ufw');
try {
  await panel.sh(`mkdir -p /etc/systemd/journald.conf.d && printf '[Journal]\\nRateLimitIntervalSec=0\\nSystemMaxUse=${MB + 600}M\\nSystemKeepFree=1M\\nForwardToSyslog=no\\n' > /etc/systemd/journald.conf.d/bench.conf && systemctl restart systemd-journald`);
  await panel.sh(`cat > /root/writer.py <<'END'${WRITER}END`);
  const size = async () => Number((await panel.sh('du -sm /var/log/journal')).split('\t')[0]);
  for (let n = 0; (await size()) < MB; n++) await panel.sh(`systemd-run -q --wait --unit=bench-${n % 2 ? 'db' : 'web'}-${n} python3 /root/writer.py 200000 ${n % 2 ? 'db' : 'web'}`);
  console.log(`journal: ${await size()} MB`);

  type Page = { items: { cursor: string; at: number }[]; late: boolean };
  const measure = async (name: string, ask: (i: number) => string | Promise<string>) => {
    const times: number[] = [];
    let found = 0;
    let late = false;
    for (let i = 0; i < RUNS; i++) {
      const path = await ask(i);
      const began = performance.now();
      const page = await panel.api<Page>(path);
      times.push(performance.now() - began);
      found = page.items.length;
      late ||= page.late;
    }
    times.sort((a, b) => a - b);
    console.log(`${name.padEnd(34)} median ${times[RUNS / 2]!.toFixed(0)} ms, most ${times.at(-1)!.toFixed(0)} ms, ${found} entries${late ? ', ended by its limit' : ''}`);
  };
  const first = (await panel.api<Page>('/logs/entries?limit=200')).items;
  let cursor = first[0]!.cursor;
  await measure('newest 200', () => '/logs/entries?limit=200');
  await measure('older by cursor', async () => {
    const path = `/logs/entries?limit=200&cursor=${encodeURIComponent(cursor)}`;
    cursor = (await panel.api<Page>(path)).items[0]!.cursor;
    return `/logs/entries?limit=200&cursor=${encodeURIComponent(cursor)}`;
  });
  await measure('newer by cursor', () => `/logs/entries?limit=200&to=newer&cursor=${encodeURIComponent(cursor)}`);
  await measure('one unit among them', () => '/logs/entries?limit=200&unit=bench-web-0');
  await measure('a small unit', () => '/logs/entries?limit=200&unit=ssh');
  await measure('errors', () => '/logs/entries?limit=200&priority=err');
  await measure('a minute of the past', (i) => `/logs/entries?limit=200&since=${first[0]!.at - 60_000 * (i + 1)}&until=${first[0]!.at - 60_000 * i}`);
  await measure('a frequent text', () => '/logs/entries?limit=200&q=timeout%20connection');
  await measure('a text that is not there', () => '/logs/entries?limit=200&q=no-such-text-anywhere');
} finally {
  await panel.host.stop();
}
