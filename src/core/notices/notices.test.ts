import { afterEach, expect, test } from 'bun:test';
import { testApp, type TestApp, type TestOptions } from '../../../test/support/app.ts';
import { until } from '../../../test/support/until.ts';
import { en } from '../../i18n/en.ts';
import { createFormat } from '../../i18n/format.ts';
import { zhCN } from '../../i18n/zh-CN.ts';
import { createFakeHost } from '../../platform/fake/host.ts';
import type { Mount } from '../../platform/metrics.ts';
import { putSetting } from '../settings/settings.ts';
import { listNotices } from './notices.ts';
import { fetchRelease, newer, newerPanel } from './update.ts';

const DAY = 86_400_000;
const apps: TestApp[] = [];
const servers: { stop(force: boolean): Promise<void> }[] = [];
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
  for (const server of servers.splice(0)) await server.stop(true);
});
const mount = (used: number, change: Partial<Mount> = {}): Mount => ({
  path: '/srv', device: '/dev/sda1', type: 'ext4', total: 105, used, free: 100 - used, inodes: 100, inodesUsed: 1, readOnly: false, ...change,
});
/** A machine with these mounts and nothing else to say. */
function setUp(mounts: Mount[] = [], options: TestOptions = {}, change: { reboot?: string[] | null; missing?: string[] } = {}) {
  const host = createFakeHost();
  const quiet = {
    ...host,
    system: { ...host.system, rebootPending: async () => change.reboot ?? null },
    metrics: { ...host.metrics, mounts: async () => mounts, missing: () => change.missing ?? [] },
  };
  const first = testApp({ ...options, app: { host: quiet, ...options.app } });
  // The sampler of the test's app was made with the whole fake machine.
  const app = { ...first.app, sampler: { ...first.app.sampler, mounts: async () => mounts.map((one) => ({ ...one, fullInDays: null })) } };
  apps.push(first);
  return { ...first, app };
}
const say = async (t: ReturnType<typeof setUp>) => (await listNotices(t.app)).map((notice) => [notice.id, notice.tone, notice.say(en, createFormat('en'))]);
const serve = (answer: () => Response | Promise<Response>) => {
  const server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: answer });
  servers.push(server);
  return server.url.href;
};

test('nothing to say says nothing; what cannot be read is no notice', async () => {
  expect(await say(setUp([mount(10)]))).toEqual([]);
  const t = setUp();
  const broken = { ...t.app, sampler: { ...t.app.sampler, mounts: async () => { throw new Error('no'); } }, host: { ...t.app.host, system: { ...t.app.host.system, rebootPending: async () => { throw new Error('no'); } } } };
  expect(await listNotices(broken)).toEqual([]);
});

test('full disks and inodes; what can only be read is always full', async () => {
  expect(await say(setUp([mount(90)]))).toEqual([['disk:/srv', 'warn', expect.stringContaining('/srv is 90% full')]]);
  expect(await say(setUp([mount(99)]))).toEqual([['disk:/srv', 'danger', expect.stringContaining('99%')]]);
  expect(await say(setUp([mount(100, { readOnly: true })]))).toEqual([]);
  expect(await say(setUp([mount(0, { free: 0 })]))).toEqual([]);
  expect(await say(setUp([mount(10, { inodesUsed: 95 })]))).toEqual([['inodes:/srv', 'warn', expect.stringContaining('95%')]]);
  expect(await say(setUp([mount(10, { inodes: null, inodesUsed: null })]))).toEqual([]);
});

test('the certificate from two weeks before its end; the worst comes first', async () => {
  const now = 1_767_225_600_000;
  const ends = (left: number) => ({ panel: { certificate: () => ({ fingerprint: 'AA', notAfter: now + left, selfSigned: true, names: [] }) } });
  expect(await say(setUp([], ends(15 * DAY)))).toEqual([]);
  expect(await say(setUp([], ends(5 * DAY + 1000)))).toEqual([['certificate', 'warn', expect.stringContaining('5 days')]]);
  expect((await say(setUp([mount(91)], ends(-DAY)))).map(([id]) => id)).toEqual(['certificate', 'disk:/srv']);
});

test('a reboot that is due names why, and not everything', async () => {
  const [[, , text] = []] = await say(setUp([], {}, { reboot: ['a', 'b', 'c', 'd', 'e'] }));
  expect(text).toContain('2 more');
  expect(await say(setUp([], {}, { missing: ['/proc/diskstats'] }))).toEqual([['missing', 'accent', expect.stringContaining('/proc/diskstats')]]);
  for (const notice of await listNotices(setUp([mount(95)], {}, { reboot: ['linux'], missing: ['x'] }).app)) expect(notice.say(zhCN, createFormat('zh-CN'))).not.toBe('');
});

test('S19 without consent nothing is asked', async () => {
  let asked = 0;
  const url = serve(() => (asked++, Response.json({ version: '9.9.9' })));
  const t = setUp();
  expect(newerPanel(t.app, url)).toBeNull();
  await Bun.sleep(20);
  expect(asked).toBe(0);
});

test('answers that are no release, and none at all, are refused', async () => {
  const answers = [
    () => new Response('no', { status: 500 }), () => new Response('<html>'), () => Response.json({ version: 'latest' }),
    () => Response.json({ version: '1.0.0', url: 'javascript:alert(1)' }), () => Response.json({ version: '1.0.0', url: 'http://plain.example/' }),
    () => Response.redirect('http://127.0.0.1:1/'), () => new Response('x'.repeat(200_000)),
  ];
  for (const answer of answers) await expect(fetchRelease(serve(answer))).rejects.toThrow();
  await expect(fetchRelease('http://127.0.0.1:1/')).rejects.toThrow();
});

test('S19 S22 an answer without end, or packed small, is let go at once', async () => {
  let sent = 0;
  const endless = () => new Response(new ReadableStream({ pull: (controller) => void (sent++, controller.enqueue(new Uint8Array(64 << 10).fill(32))) }));
  const bomb = () => new Response(Bun.gzipSync(Buffer.from(`{"version":"1.0.0"}${' '.repeat(16 << 20)}`)), { headers: { 'content-encoding': 'gzip' } });
  await expect(fetchRelease(serve(endless))).rejects.toThrow('larger');
  expect(sent).toBeLessThan(500);
  await expect(fetchRelease(serve(bomb))).rejects.toThrow('larger');
});

test('with consent: once a day, in the background, and a failure is a line in the log', async () => {
  let answer = () => new Response('', { status: 503 });
  let asked = 0;
  const url = serve(() => (asked++, answer()));
  const t = setUp();
  putSetting(t.app, 'updateCheck', true);
  const warnings: string[] = [];
  const app = { ...t.app, version: '0.1.0', log: { ...t.app.log, warn: (message: string) => void warnings.push(message) } };
  expect(newerPanel(app, url)).toBeNull();
  await until(() => warnings.length === 1);
  expect(newerPanel(app, url)).toBeNull();
  expect(asked).toBe(1);
  answer = () => Response.json({ version: '0.2.0', url: 'https://mantou.example/0.2.0' });
  t.clock.advance(3_600_000);
  newerPanel(app, url);
  await until(() => newerPanel(app, url) !== null);
  expect(newerPanel(app, url)).toEqual({ version: '0.2.0', url: 'https://mantou.example/0.2.0' });
  expect(newerPanel({ ...app, version: '0.2.0' }, url)).toBeNull();
  expect(asked).toBe(2);
  t.clock.advance(25 * 3_600_000);
  newerPanel(app, url);
  await until(() => asked === 3);
  expect(warnings).toHaveLength(1);
});

test('versions by size, releases before their betas', () => {
  for (const [a, b] of [['0.10.0', '0.9.3'], ['1.0.0', '1.0.0-beta.2'], ['1.0.0-beta.10', '1.0.0-beta.2'], ['0.1.1', '0.1.0']] as const) {
    expect([a, newer(a, b), newer(b, a), newer(a, a)]).toEqual([a, true, false, false]);
  }
});
