import { afterAll, beforeAll, expect } from 'bun:test';
import { ROTATE_AUTH_LOG, startHostPanel, type HostPanel } from '../support/host-panel.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/until.ts';

/** The journal and the log files of a machine of its own: real journald, rsyslog, sshd and cron, through the installed executable. */
const it = needs('linux', 'root', 'docker', 'debootstrap');
let panel: HostPanel;

interface Entry {
  at: number;
  priority: number | null;
  unit: string | null;
  identifier: string | null;
  message: string;
  cut: boolean;
  cursor: string;
}
interface Page {
  items: Entry[];
  more: boolean;
  late: boolean;
  detail?: string;
  output?: string;
}

const entries = (query: string) => panel.api<Page>(`/logs/entries?${query}`);
const messages = async (query: string) => (await entries(query)).items.map(({ message }) => message);

if (it.ok) {
  beforeAll(async () => {
    panel = await startHostPanel('ufw');
    // Whatever the time of day, cron has nothing to run and to log.
    await panel.sh(': > /etc/crontab; rm -rf /etc/cron.d/*');
    await panel.sh("mkdir -p /etc/systemd/journald.conf.d && printf '[Journal]\\nRateLimitIntervalSec=0\\n' > /etc/systemd/journald.conf.d/test.conf && systemctl restart systemd-journald");
  });
  afterAll(async () => {
    if (!panel) return;
    const said = await panel.errorLog();
    await panel.host.stop();
    expect(said).toBe('');
  });
}

/** Writes entries in journald's own protocol, as many and as fast as it takes them. */
const flood = (from: number, to: number, more = '') => `python3 -c "
import socket, time
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); s.connect('/run/systemd/journal/socket')
for i in range(${from}, ${to}):
    s.send(('MESSAGE=entry %d of a flood\\nPRIORITY=%d\\nSYSLOG_IDENTIFIER=flood\\n' % (i, 3 + i % 5)).encode())
    ${more}
"`;

/** What is followed: entries as they come, until `end`. */
async function follow(query: string) {
  const over = new AbortController();
  const answer = await fetch(`${panel.url}/api/v1/logs/follow?${query}`, { headers: { authorization: `Bearer ${panel.token}` }, signal: over.signal, tls: { rejectUnauthorized: false } } as RequestInit);
  expect(answer.status).toBe(200);
  const got: (Entry & { left?: number })[] = [];
  let rest = '';
  const reading = (async () => {
    const decoder = new TextDecoder();
    for await (const bytes of answer.body!) {
      const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
      rest = lines.pop()!;
      for (const line of lines) if (line) got.push(JSON.parse(line) as Entry);
    }
  })().catch(() => {});
  return { got, messages: () => got.map(({ message }) => message), end: async () => (over.abort(), reading) };
}

const followers = async () => Number((await panel.host.run('pgrep', '-c', 'journalctl')).out);

it('what there is: the journal, its units and its starts, and files', async () => {
  const sources = await panel.api<{ journal: string; partial: boolean; units: string[]; boots: { id: string; from: number }[]; files: { path: string }[] }>('/logs/sources');
  expect(sources).toMatchObject({ journal: 'journald', partial: false });
  expect(sources.units).toEqual(expect.arrayContaining(['ssh.service', 'cron.service']));
  expect(sources.boots[0]!.id).toMatch(/^[0-9a-f]{32}$/);
  expect(Date.now() - sources.boots[0]!.from).toBeLessThan(3_600_000);
  const paths = sources.files.map(({ path }) => path);
  expect(paths).toEqual(expect.arrayContaining(['/var/log/auth.log', '/var/log/dpkg.log']));
  expect(paths.filter((path) => /journal|wtmp|lastlog/.test(path))).toEqual([]);
  expect((await entries(`boot=${sources.boots[0]!.id}&limit=5`)).items).toHaveLength(5);
});

it('a unit has what it says and what systemd says about it; program and priority narrow it', async () => {
  // What it ran by itself before its table was emptied is not meant.
  const since = Date.now();
  await panel.sh('systemctl restart cron && logger -t mine -p user.err broken && logger -t mine -p user.debug chatter');
  await until(async () => (await messages('identifier=mine')).length === 2);
  const ofCron = async () => (await entries(`unit=cron&limit=50&since=${since}`)).items;
  await until(async () => (await ofCron()).some(({ identifier }) => identifier === 'cron'));
  const cron = await ofCron();
  expect(new Set(cron.map(({ unit }) => unit))).toEqual(new Set(['cron.service']));
  expect(new Set(cron.map(({ identifier }) => identifier))).toEqual(new Set(['systemd', 'cron']));
  expect(await messages('identifier=mine&priority=warning')).toEqual(['broken']);
  expect((await entries('unit=no-such-thing')).items).toEqual([]);
});

it('pages meet while entries are added, the journal is rotated and what is old goes', async () => {
  await panel.sh(flood(0, 3000));
  const writing = panel.sh(flood(3000, 7000, 'time.sleep(0.001)'));
  const seen: number[] = [];
  let { items } = await entries('identifier=flood&limit=150');
  const first = items.at(-1)!;
  for (let i = 0; i < 15 && items.length; i++) {
    seen.unshift(...items.map(({ message }) => Number(message.split(' ')[1])));
    if (i === 5) await panel.sh('journalctl --rotate');
    ({ items } = await entries(`identifier=flood&limit=150&cursor=${encodeURIComponent(items[0]!.cursor)}`));
  }
  expect([seen.length, seen.filter((n, i) => i > 0 && n !== seen[i - 1]! + 1)]).toEqual([2250, []]);
  await writing;
  const forward: number[] = [];
  let cursor = first.cursor;
  for (;;) {
    const page = await entries(`identifier=flood&limit=200&to=newer&cursor=${encodeURIComponent(cursor)}`);
    forward.push(...page.items.map(({ message }) => Number(message.split(' ')[1])));
    if (!page.more) break;
    cursor = page.items.at(-1)!.cursor;
  }
  const from = Number(first.message.split(' ')[1]);
  expect(forward).toEqual(Array.from({ length: 6999 - from }, (_, i) => from + 1 + i));
  // The entry that it goes on from has been vacuumed: nothing that is left is lost.
  await panel.sh('journalctl --rotate && journalctl --vacuum-files=1');
  await panel.sh('logger -t late one && logger -t late two');
  await until(async () => (await messages(`identifier=late&to=newer&cursor=${encodeURIComponent(first.cursor)}`)).length === 2);
});

it('a unit is followed live, through rotation, by one journalctl for all who look', async () => {
  const [one, two] = [await follow('identifier=live'), await follow('identifier=live&q=second')];
  await until(async () => (await followers()) === 1);
  await Bun.sleep(1000);
  expect(await followers()).toBe(1);
  await panel.sh('logger -t live first && logger -t other not-this && logger -t live the second');
  await until(() => one.got.length === 2 && two.got.length === 1);
  await panel.sh('journalctl --rotate && journalctl --vacuum-files=1 && logger -t live third');
  await until(() => one.got.length === 3);
  expect([one.messages(), two.messages()]).toEqual([['first', 'the second', 'third'], ['the second']]);
  await Promise.all([one.end(), two.end()]);
  await until(async () => (await followers()) === 0);
});

it('S15 whatever a message holds is told as text: several lines, bytes, colours, megabytes', async () => {
  await panel.sh(`cat > /root/hostile.py <<'END'
import socket, struct, os, array
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); s.connect('/run/systemd/journal/socket')
def field(name, value): return name + b'\\n' + struct.pack('<Q', len(value)) + value + b'\\n'
def say(*fields):
    data = b''.join(field(n, v) for n, v in fields) + field(b'SYSLOG_IDENTIFIER', b'hostile')
    try: s.send(data)
    except OSError:
        fd = os.memfd_create('journal', os.MFD_ALLOW_SEALING); os.write(fd, data)
        import fcntl; fcntl.fcntl(fd, 1033, 15)
        s.sendmsg([], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', [fd]))])
say((b'MESSAGE', b'one\\ntwo\\n"__CURSOR":"s=1;i=1"'))
say((b'MESSAGE', b'\\x1b[31mred\\x1b[0m \\x00nul caf\\xe9'))
say((b'MESSAGE', b'<script>alert(1)</script>'))
say((b'MESSAGE', b''))
say((b'PRIORITY', b'99'))
say((b'MESSAGE', b'first'), (b'MESSAGE', b'second'))
say((b'MESSAGE', ('\\u5305\\u5b50' * 100000).encode() + b'","__CURSOR":"s=1;i=1"'))
say((b'MESSAGE', b'\\x01' * 1500000))
say((b'MESSAGE', b'after'))
END
python3 /root/hostile.py`);
  await until(async () => (await messages('identifier=hostile')).at(-1) === 'after');
  const { items } = await entries('identifier=hostile');
  expect(items.map(({ message }) => message.slice(0, 40))).toEqual([
    'one\ntwo\n"__CURSOR":"s=1;i=1"', '\x1b[31mred\x1b[0m \0nul caf\ufffd', '<script>alert(1)</script>', '', '', expect.stringMatching(/^(first|second)$/), '包子'.repeat(20), '\x01'.repeat(40), 'after',
  ]);
  expect(items.map(({ cut }) => cut)).toEqual([false, false, false, false, false, false, true, true, false]);
  expect(items.every(({ cursor, message }) => /^s=[0-9a-f]{32};/.test(cursor) && message.length <= 16_384)).toBe(true);
  const html = await (await panel.get('/logs?identifier=hostile')).text();
  expect(html).not.toContain('<script>alert');
  expect(html).toContain('<i class="a1">red</i>');
  const whole = await panel.api<{ fields: { name: string; value: string }[] }>(`/logs/entry?cursor=${encodeURIComponent(items[6]!.cursor)}`);
  expect(whole.fields.find(({ name }) => name === 'MESSAGE')!.value.length).toBeGreaterThan(190_000);
});

it('text and expressions are looked for by the journal itself; one that takes for ever elsewhere ends', async () => {
  await panel.sh("logger -t find 'a [literal] (text) \\w+' && logger -t find 'Number 42 of 100' && logger -t find aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab && logger -t find 包子");
  await until(async () => (await messages('identifier=find')).length === 4);
  const q = (text: string, regex = false) => messages(`identifier=find&regex=${regex}&q=${encodeURIComponent(text)}`);
  expect(await q('[LITERAL] (text) \\w')).toHaveLength(1);
  expect(await q('number \\d+ of', true)).toHaveLength(1);
  expect(await q('包子')).toEqual(['包子']);
  expect(await q('--help')).toEqual([]);
  const began = performance.now();
  expect(await q('^(a+)+$', true)).toEqual([]);
  expect(performance.now() - began).toBeLessThan(15_000);
  expect((await panel.get('/logs?regex=on&q=%28%3F%3Da%29')).status).toBe(422);
});

it('a file is followed through logrotate, and what was packed is read', async () => {
  const source = 'source=/var/log/auth.log';
  await panel.sh('logger -p authpriv.info -t sshd "Accepted publickey for lin"');
  // Cron writes there as well, at 17 minutes past each hour.
  await until(async () => (await messages(`${source}&q=Accepted`)).at(-1)?.includes('Accepted publickey') === true);
  const last = (await entries(`${source}&q=Accepted`)).items.at(-1)!;
  expect([last.identifier, Math.abs(Date.now() - last.at) < 3_600_000]).toEqual(['sshd', true]);
  const live = await follow(`${source}&q=Accepted`);
  await Bun.sleep(300);
  await panel.sh('logger -p authpriv.info -t sshd "Accepted password for bao"');
  await until(() => live.got.length === 1);
  await panel.sh(`${ROTATE_AUTH_LOG} && gzip -k /var/log/auth.log.1 && logger -p authpriv.info -t sshd "Accepted after rotation"`);
  await until(() => live.got.length === 2);
  expect(live.messages()).toEqual(['Accepted password for bao', 'Accepted after rotation']);
  await live.end();
  for (const name of ['auth.log.1', 'auth.log.1.gz']) expect(await messages(`source=/var/log/${name}&q=Accepted`)).toEqual(['Accepted publickey for lin', 'Accepted password for bao']);
});

it('S4 a link out of the folder of logs, put there by whoever may write there, leads nowhere', async () => {
  await panel.sh('ln -sf /etc/shadow /var/log/shadow.log && ln -sfn /etc /var/log/etc');
  for (const path of ['/var/log/shadow.log', '/var/log/etc/shadow', '/var/log/../../etc/shadow']) {
    const answer = await panel.get(`/logs?source=${encodeURIComponent(path)}`);
    expect([403, 422]).toContain(answer.status);
    expect(await answer.text()).not.toContain('root:');
  }
});

it('S22 a flood is followed in bounded memory, and the journal answers meanwhile', async () => {
  const pid = await panel.sh('systemctl show mantou -p MainPID --value');
  const rss = async () => Number(/VmRSS:\s+(\d+)/.exec(await panel.sh(`cat /proc/${pid}/status`))![1]) / 1024;
  const before = await rss();
  const live = await follow('identifier=flood');
  await panel.sh(flood(0, 100_000));
  expect((await entries('limit=50')).items).toHaveLength(50);
  await until(() => live.got.at(-1)?.message === 'entry 99999 of a flood');
  const left = live.got.reduce((sum, { left = 0 }) => sum + left, 0);
  expect(live.got.filter(({ left }) => left === undefined).length + left).toBe(100_000);
  expect((await rss()) - before).toBeLessThan(150);
  await live.end();
});

it('the download has everything, and ends journalctl when its reader goes', async () => {
  await panel.sh('logger -t taken one && logger -t taken two');
  await until(async () => (await messages('identifier=taken')).length === 2);
  const text = await (await panel.get('/logs/download?identifier=taken')).text();
  expect(text.replace(/^\S+Z taken(\[\d+\])?: /gm, '')).toBe('one\ntwo\n');
  const over = new AbortController();
  const answer = await panel.get('/logs/download', { signal: over.signal });
  await answer.body!.getReader().read();
  over.abort();
  await until(async () => (await followers()) === 0);
});

it('not root: what may be read is, and the page says what is missing', async () => {
  const asNobody = 'runuser -u nobody -- /usr/local/bin/mantou-test';
  await panel.sh(`cp /root/mantou /usr/local/bin/mantou-test && install -d -m 700 -o nobody -g nogroup /var/lib/small && cd / && echo "steamed bun 2026" | ${asNobody} user add bao --role admin --password-stdin --data-dir /var/lib/small`);
  const token = await panel.sh(`cd / && ${asNobody} token add --user bao --name tests --data-dir /var/lib/small`);
  await panel.sh('systemd-run -q --unit=small -p User=nobody /usr/local/bin/mantou-test serve --host 0.0.0.0 --port 8787 --data-dir /var/lib/small');
  const ask = (path: string) => fetch(`https://${panel.host.ip}:8787/api/v1${path}`, { tls: { rejectUnauthorized: false }, headers: { authorization: `Bearer ${token}` } } as RequestInit);
  await until(async () => (await ask('/logs/sources').catch(() => null))?.ok);
  expect(await (await ask('/logs/sources')).json()).toMatchObject({ journal: 'journald', partial: true });
  // Its own entries are all that it sees.
  const { items } = (await (await ask('/logs/entries')).json()) as Page;
  expect(items.filter(({ unit }) => unit !== 'small.service')).toEqual([]);
  expect((await ask('/logs/entries?source=/var/log/auth.log')).status).toBe(403);
  expect((await ask('/logs/entries?source=/var/log/dpkg.log')).status).toBe(200);
  expect(await panel.sh('cat /var/lib/small/logs/error.log 2>/dev/null || true')).toBe('');
  await panel.sh('systemctl stop small');
});

it('journalctl that hangs, speaks Chinese, or is not there', async () => {
  await panel.sh('mv /usr/bin/journalctl /usr/bin/journalctl.real');
  const instead = (script: string) => panel.sh(`printf '%s\\n' '#!/bin/sh' '${script}' > /usr/bin/journalctl && chmod +x /usr/bin/journalctl`);
  try {
    await instead('echo "无法打开日志：设备上没有空间" >&2; exit 1');
    const chinese = await panel.get('/logs');
    expect(chinese.status).toBe(503);
    expect(await chinese.text()).toContain('无法打开日志');
    await instead('sleep 1000');
    const began = performance.now();
    const slow = await entries('');
    expect([slow.items, slow.late]).toEqual([[], true]);
    expect(performance.now() - began).toBeLessThan(40_000);
    await until(async () => (await panel.host.run('pgrep', '-f', 'sleep 1000')).code !== 0);
    await panel.sh('rm /usr/bin/journalctl');
    const none = await panel.get('/logs');
    expect(none.status).toBe(200);
    const html = await none.text();
    expect(html).toContain('journald does not run here');
    expect(html).toContain('auth.log');
    expect((await entries('')).detail).toContain('journald');
  } finally {
    await panel.sh('mv /usr/bin/journalctl.real /usr/bin/journalctl');
  }
});
