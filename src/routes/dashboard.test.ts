import { afterEach, describe, expect, test } from 'bun:test';
import { eq } from 'drizzle-orm';
import { audit } from '../db/schema/audit.ts';
import { endSession } from '../core/sessions/sessions.ts';
import { getSetting } from '../core/settings/settings.ts';
import type { Reading } from '../platform/metrics.ts';
import { testApp, type Browser, type TestApp } from '../../test/support/app.ts';
import { turnedMs } from '../../test/support/turns.ts';

let panel: TestApp;
const start = () => (panel = testApp());
afterEach(async () => {
  expect(panel.errors).toEqual([]);
  await panel.close();
});

/** Lets the sampler look `times` times, a second apart. */
async function look(times = 3) {
  for (let i = 0; i < times; i++) {
    panel.clock.advance(1000);
    await panel.app.sampler.tick();
  }
}

/** The machine, changed: sources that are missing, other numbers of cores. */
function machine(change: (reading: Reading) => Reading) {
  const metrics = panel.app.host.metrics;
  const read = metrics.read.bind(metrics);
  metrics.read = async () => change(await read());
}

/** Without the nonce: random letters that may spell anything. */
const text = async (answer: Response | Promise<Response>) => (await (await answer).text()).replaceAll(/ nonce="[^"]*"/g, '');

async function open(browser: Browser, path = '/dashboard/stream', signal?: AbortSignal) {
  const answer = await browser.request(path, { headers: { accept: 'text/event-stream' }, ...(signal ? { signal } : {}) });
  expect(answer.headers.get('content-type')).toStartWith('text/event-stream');
  const reader = answer.body!.pipeThrough(new TextDecoderStream() as never).getReader() as ReadableStreamDefaultReader<string>;
  let said = '';
  return {
    /** Reads until the text has come, or the stream is over. */
    async until(wanted: string | null): Promise<string> {
      while (wanted === null || !said.includes(wanted)) {
        const { value, done } = await reader.read();
        if (done) break;
        said += value;
      }
      return said;
    },
  };
}

describe('refusals', () => {
  test('S6 a stream of nobody is 401, the page leads to the sign-in', async () => {
    start();
    panel.as('admin');
    expect((await panel.request('/dashboard/stream', { headers: { accept: 'text/event-stream' } })).status).toBe(401);
    const answer = await panel.request('/?range=24h');
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/signin']);
    expect((await panel.request('/dashboard/history?range=1h')).status).toBe(303);
  });

  test.each(['viewer', 'operator'] as const)('S6 a %s may not choose what counts, and is shown no form that would', async (role) => {
    start();
    const browser = panel.as(role);
    await look();
    expect((await browser.request('/dashboard/devices', { form: { kind: 'interfaces', shown: 'lo' } })).status).toBe(403);
    const html = await text(browser.request('/'));
    expect(html).toContain('Only an administrator can change this.');
    expect(html).not.toContain('id="power-menu"');
    expect(html).not.toContain('id="events"');
  });

  test('S22 an unknown range or order means the default; a moment that is none is 422', async () => {
    start();
    const browser = panel.as('viewer');
    await look();
    expect(await text(browser.request('/?range=forever&sort=;drop'))).toContain('"range":"live","sort":"cpu"');
    for (const at of ['', 'now', '-1', '1e99', '1.5']) expect((await browser.request(`/dashboard/processes?at=${at}`)).status).toBe(422);
    expect((await browser.request('/dashboard/stream?since=yesterday', { headers: { accept: 'text/event-stream' } })).status).toBe(200);
    panel.server.streams.stop('stop');
  });

  test('S22 a form with another kind is refused', async () => {
    start();
    const browser = panel.as('admin');
    expect((await browser.request('/dashboard/devices', { form: { kind: 'mounts', shown: '/' } })).status).toBe(422);
  });
});

describe('the page', () => {
  test('shows the current figures at first paint', async () => {
    start();
    const browser = panel.as('admin', 'lin');
    await look(5);
    const html = await text(browser.request('/'));
    for (const part of ['demo-01', 'Debian GNU/Linux 12', 'data-live="cpu"', '/ <span data-live="memory-total">', 'nvme0n1p2 · ext4', 'Temperatures', 'Recent events', 'power-reboot']) {
      expect(html).toContain(part);
    }
    expect(html.match(/<path class="line" d="M/g)?.length).toBeGreaterThan(4);
  });

  test.each([
    [0, 'This machine does not report the load of its cores.'],
    [1, 'data-cores="1"'],
    [15, 'class="cores"'],
    [16, 'class="core-heat"'],
    [64, 'data-cores="64"'],
  ])('draws %i cores', async (n, wanted) => {
    start();
    machine((reading) => ({ ...reading, cores: Array.from({ length: n }, (_, i) => reading.cores[i % reading.cores.length]!) }));
    const browser = panel.as('viewer');
    await look();
    const html = await text(browser.request('/'));
    expect(html).toContain(wanted);
    expect(html.match(n < 16 ? /<span>Core \d+<\/span>/g : /<li data-level=/g)?.length ?? 0).toBe(n);
  });

  test('a machine that tells nothing still has a page', async () => {
    start();
    machine((reading) => ({ ...reading, cpu: null, cores: [], load: null, memory: null, interfaces: [], disks: [], sensors: [] }));
    panel.app.host.metrics.mounts = async () => [];
    panel.app.host.metrics.missing = () => ['/proc/diskstats'];
    const browser = panel.as('viewer');
    await look();
    const html = await text(browser.request('/'));
    expect(html).toContain('This machine does not report its disk traffic.');
    expect(html).toContain('Not readable here: /proc/diskstats');
    expect(html).toContain('No mounted file systems found.');
    expect(html).not.toContain('Temperatures');
    expect(html).not.toContain('NaN');
  });

  test('before the first sample it says that figures are on their way', async () => {
    start();
    const html = await text(panel.as('viewer').request('/'));
    expect(html).toContain('The first figures arrive in a moment.');
    expect(html).not.toContain('NaN');
  });

  test('a list of processes that cannot be read costs only its section', async () => {
    start();
    panel.app.host.processes.list = async () => {
      throw new Error('no /proc');
    };
    const browser = panel.as('viewer');
    expect(await text(browser.request('/'))).toContain('The list of processes could not be read.');
  });

  test('S15 names and command lines of processes are text', async () => {
    start();
    const hostile = '<img src=x onerror=alert(1)></script><!--';
    const list = panel.app.host.processes.list.bind(panel.app.host.processes);
    panel.app.host.processes.list = async () => [
      { pid: 7, parent: 1, name: hostile, command: `${hostile} "'`, user: '<b>', state: 'R', threads: 1, cpu: 100, memory: 2 ** 40, startedAt: 0, nice: 0, service: hostile, container: null, read: null, written: null, received: null, sent: null },
      ...(await list()),
    ];
    const browser = panel.as('viewer');
    await look();
    for (const path of ['/', '/?sort=memory', '/processes', '/processes?q=%3Cimg']) {
      const html = await text(browser.request(path));
      expect(html).not.toContain('<img');
      expect(html).not.toContain('<!--');
      expect(html).toContain('&lt;img src=x');
    }
  });

  test.each(['1h', '24h', '7d', '30d'] as const)('the range %s is a link, and its peak leads to what ran then', async (range) => {
    start();
    const browser = panel.as('viewer');
    await look(130);
    const html = await text(browser.request(`/?range=${range}`));
    expect(html).toContain(`href="/?range=${range}" aria-current="true"`);
    expect(html).toContain('id="minute"');
    const body = (await (await browser.request(`/dashboard/history?range=${range}`)).json()) as { range: string; columns: { at: number[]; cpu: (number | null)[] } };
    expect(body.range).toBe(range);
    expect(body.columns.at.length).toBe(body.columns.cpu.length);
  });

  test('in Chinese, too', async () => {
    start();
    const browser = panel.as('admin');
    await look();
    const html = await text(browser.request('/', { headers: { 'accept-language': 'zh-CN' } }));
    expect(html).toContain('lang="zh-CN"');
    expect(html).toContain('占用最多的进程');
  });
});

describe('what ran then', () => {
  test('is a page of its own', async () => {
    start();
    const browser = panel.as('viewer');
    const stop = panel.app.sampler.watch();
    await look(130);
    stop();
    const html = await text(browser.request(`/dashboard/processes?at=${panel.clock.now() - 60_000}`));
    expect(html).toContain('id="minute-lists"');
    expect(html).toContain('ffmpeg');
  });

  test('says so when nothing is kept', async () => {
    start();
    expect(await text(panel.as('viewer').request('/dashboard/processes?at=5'))).toContain('Nothing is kept of this minute.');
  });
});

test('choosing interfaces changes the sum, keeps the rest, and is audited', async () => {
  start();
  const browser = panel.as('admin');
  await look();
  const answer = await browser.request('/dashboard/devices', {
    method: 'POST',
    headers: { origin: 'http://127.0.0.1:8686' },
    body: new URLSearchParams([['kind', 'interfaces'], ['shown', 'lo'], ['shown', 'wg0'], ['range', '24h']]),
  });
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/?range=24h']);
  expect(getSetting(panel.app, 'hiddenInterfaces')).toEqual(['eth0']);
  expect(getSetting(panel.app, 'shownInterfaces')).toEqual(['lo']);
  expect(getSetting(panel.app, 'hiddenDisks')).toEqual([]);
  await look();
  expect(panel.app.sampler.latest()!.interfaces.map((one) => one.name).sort()).toEqual(['lo', 'wg0']);
  expect(panel.app.db.select().from(audit).where(eq(audit.action, 'metrics.choose')).all()).toHaveLength(1);
});

describe('the stream', () => {
  test('sends each sample, encoded once, to all who watch', async () => {
    start();
    const one = await open(panel.as('viewer', 'one'));
    const two = await open(panel.as('viewer', 'two'));
    await look();
    for (const stream of [one, two]) {
      const said = await stream.until('event: processes');
      expect(said).toContain('event: sample\ndata: {"at":');
    }
    expect(panel.app.bus.count('metrics.sample')).toBe(1);
    panel.server.streams.stop('stop');
  });

  test('comes back with what was missed', async () => {
    start();
    await look(10);
    const since = panel.clock.now() - 4000;
    const stream = await open(panel.as('viewer'), `/dashboard/stream?since=${since}`);
    const said = await stream.until('event: missed\ndata: ');
    const missed = JSON.parse(/event: missed\ndata: (.*)/.exec(said)![1]!) as { at: number }[];
    expect(missed.map((sample) => sample.at - since)).toEqual([1000, 2000, 3000, 4000]);
    panel.server.streams.stop('stop');
  });

  test('S10 ends with its session, and then nobody is sampled for', async () => {
    start();
    const browser = panel.as('viewer');
    const stream = await open(browser);
    await look(2);
    expect(panel.app.sampler.watchers()).toBe(1);
    const begun = turnedMs();
    endSession(panel.app, browser.sessionId);
    expect(await stream.until(null)).toContain('event: signed-out');
    expect(turnedMs() - begun).toBeLessThan(1000);
    expect(panel.app.sampler.watchers()).toBe(0);
    expect(panel.app.bus.count('metrics.sample')).toBe(0);
  });
});
