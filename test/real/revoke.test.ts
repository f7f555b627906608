import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { connect, type ClientHttp2Session } from 'node:http2';
import { ORIGIN, testApp, type TestApp } from '../support/app.ts';
import { live } from '../support/live.ts';
import { runPanel, setUp, type RunningPanel } from '../support/panel.ts';

/** Follows a stream to its end; `said` is all of it. */
async function follow(url: string, cookie: string) {
  const answer = await fetch(url, { headers: { cookie, accept: 'text/event-stream' } });
  expect(answer.status).toBe(200);
  const { promise: first, resolve } = Promise.withResolvers<void>();
  const ended = (async () => {
    let said = '';
    const decoder = new TextDecoder();
    for await (const chunk of answer.body!) {
      said += decoder.decode(chunk as Uint8Array, { stream: true });
      resolve();
    }
    return said;
  })();
  return { first, ended };
}

/** Fails, saying so, when the stream goes on for 10 s; the promise is one second, which is printed and not judged. */
async function endsSoon(what: string, ended: Promise<string>) {
  const start = performance.now();
  const said = await Promise.race([ended, Bun.sleep(10_000).then(() => null)]);
  expect(said, `${what}: the stream goes on`).not.toBeNull();
  expect(said).toContain('event: signed-out');
  console.log(`${what}: ended after ${Math.round(performance.now() - start)} ms`);
}

describe('S10 a stream ends when its session does, in the same process', () => {
  let t: TestApp;
  let panel: ReturnType<typeof live>;
  beforeAll(() => {
    t = testApp();
    panel = live(t);
  });
  afterAll(async () => {
    panel.stop();
    expect(t.errors).toEqual([]);
    await t.close();
  });

  test('by sign-out, role, password, disabling, deleting and "end sessions"; others go on', async () => {
    const admin = t.as('admin');
    const bystander = await follow(`${panel.origin}/tasks/stream`, `mantou_session=${admin.token}`);
    const acts: [string, Record<string, string>][] = [
      ['role', { role: 'operator' }], ['password', { password: 'bamboo steamer hill' }], ['disable', {}], ['sessions/end', {}], ['remove', { confirm: 'user4' }],
    ];
    for (const [i, [path, form]] of acts.entries()) {
      const user = t.as('viewer', `user${i}`);
      const stream = await follow(`${panel.origin}/tasks/stream`, `mantou_session=${user.token}`);
      await admin.request(`/users/${user.userId}/${path}`, { form });
      await endsSoon(path, stream.ended);
      expect((await fetch(`${panel.origin}/tasks/stream`, { headers: { cookie: `mantou_session=${user.token}`, accept: 'text/event-stream' } })).status).toBe(401);
    }
    const user = t.as('viewer', 'leaving');
    const stream = await follow(`${panel.origin}/tasks/stream`, `mantou_session=${user.token}`);
    await user.request('/signout', { method: 'POST', headers: { origin: ORIGIN } });
    await endsSoon('sign-out', stream.ended);
    expect(t.server.streams.count()).toBe(1);
    void bystander;
    t.server.streams.stop('stop');
  });
});

describe('S10 a stream ends when another process changes the database', () => {
  const COMMAND = [process.execPath, 'src/main.ts'];
  let panel: RunningPanel;
  beforeAll(async () => {
    panel = await runPanel(COMMAND);
  });
  afterAll(async () => {
    expect(panel.errorLog()).toBe('');
    expect(await panel.stop()).toBe(0);
  });

  test('"mantou user reset-password" beside the running panel', async () => {
    const cookie = await setUp(panel);
    const stream = await follow(`${panel.url}/dashboard/stream`, cookie);
    await stream.first;
    const command = Bun.spawn([...COMMAND, 'user', 'reset-password', 'lin', '--password-stdin', '--data-dir', panel.dataDir], {
      stdin: Buffer.from('another long password\n'), stdout: 'pipe', stderr: 'pipe', env: { PATH: process.env.PATH },
    });
    expect([await command.exited, await new Response(command.stderr).text()]).toEqual([0, '']);
    await endsSoon('reset-password', stream.ended);
    expect((await fetch(`${panel.url}/account`, { headers: { cookie }, redirect: 'manual' })).status).toBe(303);
  });
});

describe('S10 over TLS and HTTP/2', () => {
  let panel: RunningPanel;
  let browser: ClientHttp2Session;
  beforeAll(async () => {
    panel = await runPanel([process.execPath, 'src/main.ts'], { args: ['--tls'] });
    browser = connect(panel.url, { rejectUnauthorized: false });
  });
  afterAll(async () => {
    browser.destroy();
    expect(panel.errorLog()).toBe('');
    expect(await panel.stop()).toBe(0);
  });

  /** One request on the one connection; `first` when something came, `ended` with all of it. */
  function ask(path: string, cookie: string) {
    const request = browser.request({ ':path': path, cookie });
    const first = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<string>();
    let said = '';
    request.setEncoding('utf8').on('data', (piece: string) => {
      said += piece;
      first.resolve();
    });
    request.on('end', () => ended.resolve(said)).on('error', ended.reject);
    return { first: first.promise, ended: ended.promise };
  }

  test('a dozen tabs stream over one connection, starve no request beside them, and end with the session', async () => {
    const cookie = await setUp(panel);
    const tabs = Array.from({ length: 12 }, () => ask('/dashboard/stream', cookie));
    await Promise.all(tabs.map((tab) => tab.first));
    expect(await ask('/healthz', cookie).ended).toContain('"ok"');
    const answer = await fetch(`${panel.url}/signout`, { method: 'POST', redirect: 'manual', headers: { cookie, origin: panel.url }, tls: { rejectUnauthorized: false } });
    expect(answer.status).toBe(303);
    await Promise.all(tabs.map((tab, i) => endsSoon(`tab ${i + 1}`, tab.ended)));
  });
});
