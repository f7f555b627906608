import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { eq } from 'drizzle-orm';
import { testApp, type Browser, type TestApp } from '../../test/support/app.ts';
import { live } from '../../test/support/live.ts';
import { fakePty, fakeShells, hostInProcess } from '../../test/support/pty.ts';
import { openSocket } from '../../test/support/terminal-socket.ts';
import { until } from '../../test/support/until.ts';
import { SYSTEM } from '../core/app.ts';
import { openTerminal, setWatchable } from '../core/terminal/terminals.ts';
import { createToken, removeToken } from '../core/tokens/tokens.ts';
import { audit } from '../db/schema/audit.ts';
import { tokens } from '../db/schema/sessions.ts';
import { users, type Role } from '../db/schema/users.ts';
import { encodeOffset, FRAME } from '../platform/pty-host/frames.ts';
import { CLOSE } from './socket.ts';

let t: TestApp;
let panel: ReturnType<typeof live>;
let host: ReturnType<typeof hostInProcess>;
let fake: ReturnType<typeof fakePty>;
let id = '';
let people = 0;

beforeAll(() => {
  t = testApp({ shells: fakeShells });
  panel = live(t);
  fake = fakePty();
  host = hostInProcess({ pty: fake.driver, dataDir: t.app.config.dataDir });
});
afterAll(async () => {
  panel.stop();
  expect(t.errors).toEqual([]);
  expect(host.faults).toEqual([]);
  await host.stop();
  await t.close();
});
beforeEach(async () => void (id = (await openTerminal(t.app, SYSTEM, { shell: '', folder: '', cols: 80, rows: 24 })).id));
afterEach(() => fake.programs.at(-1)!.ends());

const person = (role: Role) => t.as(role, `${role}${people++}`);
const cookie = (who: Browser) => ({ cookie: `mantou_session=${who.token}` });
const tokenOf = (who: Browser, role: Role) => createToken(t.app, SYSTEM, { userId: who.userId, name: 'x', role, expiresInDays: null });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const pagePath = () => `/terminal/socket?id=${id}`;
const apiPath = () => `/api/v1/terminals/${id}/socket`;
const byPage = (who: Browser, more = {}) => openSocket(panel.origin + pagePath(), { headers: { ...cookie(who), origin: panel.origin }, ...more });
const byToken = (token: string, more = {}) => openSocket(panel.origin + apiPath(), { headers: bearer(token), ...more });

/** The status that a request for a socket is answered with. */
async function status(path: string, headers: Record<string, string>): Promise<number> {
  const lines = { host: `127.0.0.1:${panel.port}`, connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': btoa('0123456789abcdef'), ...headers };
  const answer = await panel.raw(`GET ${path} HTTP/1.1\r\n${Object.entries(lines).map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`);
  return Number(answer.split(' ')[1]);
}

describe('refused before the 101', () => {
  test('S7 by a session: without Origin, with a foreign one, of another port, from another site, under a rebound name', async () => {
    const who = person('admin');
    const origin = panel.origin;
    expect(await status(pagePath(), { ...cookie(who), origin })).toBe(101);
    const foreign: Record<string, string>[] = [
      {}, { origin: 'https://evil.example' }, { origin: 'null' }, { origin: 'http://127.0.0.1:1' }, { origin: `${origin}.evil.example` }, { origin, 'sec-fetch-site': 'cross-site' }, { origin, 'sec-fetch-site': 'same-site' },
      { host: 'evil.example', origin: 'http://evil.example' }, { host: `evil.example:${panel.port}`, origin: `http://evil.example:${panel.port}` },
    ];
    for (const headers of foreign) expect([headers, await status(pagePath(), { ...cookie(who), ...headers })]).toEqual([headers, 403]);
  });

  test('S7 by a token: a page cannot use one, a cookie is none, and without Origin only the API lets it in', async () => {
    const who = person('admin');
    const { token } = tokenOf(who, 'admin');
    expect(await status(apiPath(), bearer(token))).toBe(101);
    expect(await status(apiPath(), { ...bearer(token), origin: 'https://evil.example' })).toBe(403);
    expect(await status(apiPath(), { ...bearer(token), host: 'evil.example' })).toBe(403);
    expect(await status(apiPath(), cookie(who))).toBe(403);
    expect(await status(apiPath(), { ...cookie(who), origin: panel.origin })).toBe(401);
    expect(await status(apiPath(), { ...cookie(who), ...bearer('wrong') })).toBe(401);
    for (const path of [pagePath(), `/api/v1/../../terminal/socket?id=${id}`, `/terminal/socket/api/v1/?id=${id}`, `//api/v1/?id=${id}`]) {
      expect([path, await status(path, { ...cookie(who), ...bearer(token) })]).toEqual([path, 403]);
    }
  });

  test('S6 without a session, with one that is over, a viewer; with a token of a viewer', async () => {
    const origin = panel.origin;
    expect(await status(pagePath(), { origin })).toBe(303);
    const gone = person('admin');
    t.app.db.$client.run('UPDATE sessions SET expires_at = 1 WHERE id = ?', [gone.sessionId]);
    expect(await status(pagePath(), { ...cookie(gone), origin })).toBe(303);
    expect(await status(pagePath(), { ...cookie(person('viewer')), origin })).toBe(403);
    expect(await status(apiPath(), {})).toBe(403);
    const admin = person('admin');
    expect(await status(apiPath(), bearer(tokenOf(admin, 'viewer').token))).toBe(403);
  });

  test('S12 an operator finds a terminal when it may be watched, and an unknown id is none', async () => {
    const origin = panel.origin;
    const operator = person('operator');
    expect(await status(pagePath(), { ...cookie(operator), origin })).toBe(404);
    setWatchable(t.app, SYSTEM, id, true);
    expect(await status(pagePath(), { ...cookie(operator), origin })).toBe(101);
    const who = person('admin');
    expect(await status('/terminal/socket?id=0192d3a0-0000-7000-8000-000000000000', { ...cookie(who), origin })).toBe(404);
    for (const bad of ['/terminal/socket', '/terminal/socket?id=x', `${pagePath()}&from=-1`, `${pagePath()}&cols=0&rows=5`, `${pagePath()}&cols=10000&rows=5`]) expect([bad, await status(bad, { ...cookie(who), origin })]).toEqual([bad, 422]);
  });

  test('a plain GET is told 426, and nobody is written down as having joined', async () => {
    const who = person('admin');
    const joins = () => t.app.db.select().from(audit).where(eq(audit.action, 'terminal.join')).all().length;
    const before = joins();
    for (const [path, headers] of [[pagePath(), cookie(who)], [apiPath(), bearer(tokenOf(who, 'admin').token)]] as const) expect((await fetch(panel.origin + path, { headers })).status).toBe(426);
    expect(joins()).toBe(before);
    (await byPage(who)).close();
    expect(joins()).toBe(before + 1);
  });
});

describe('S10 ends within a second', () => {
  const ends = async (what: string, socket: Awaited<ReturnType<typeof byPage>>, act: () => unknown, code: number = CLOSE.signedOut) => {
    await socket.told('h');
    socket.mark();
    await act();
    const { code: found, after } = await socket.closed;
    expect([what, found, after < 1000]).toEqual([what, code, true]);
  };

  test('by sign-out, a disabled account, another role', async () => {
    const admin = person('admin');
    const post = (path: string, form = {}) => fetch(panel.origin + path, { method: 'POST', redirect: 'manual', headers: { ...cookie(admin), origin: panel.origin }, body: new URLSearchParams(form) });
    const [one, two, three] = [person('admin'), person('admin'), person('admin')];
    await ends('sign-out', await byPage(one), () => fetch(`${panel.origin}/signout`, { method: 'POST', redirect: 'manual', headers: { ...cookie(one), origin: panel.origin } }));
    await ends('disabled', await byPage(two), () => post(`/users/${two.userId}/disable`));
    await ends('role', await byPage(three), () => post(`/users/${three.userId}/role`, { role: 'viewer' }));
    expect(t.server.streams.count()).toBe(0);
  });

  test('by another process that changes the database', async () => {
    const who = person('admin');
    await ends('elsewhere', await byPage(who), () => {
      t.app.db.$client.run('DELETE FROM sessions WHERE id = ?', [who.sessionId]);
      t.app.bus.emit('database.changed', {});
    });
  });

  test('a token: taken back, expired, its owner disabled, its role lowered, removed by another process', async () => {
    const acts: [string, (who: Browser, token: string) => unknown][] = [
      ['taken back', (who, token) => removeToken(t.app, SYSTEM, { id: token, userId: who.userId })],
      ['expired', (_who, token) => t.app.db.update(tokens).set({ expiresAt: 1 }).where(eq(tokens.id, token)).run()],
      ['disabled', (who) => t.app.db.update(users).set({ disabled: true }).where(eq(users.id, who.userId)).run()],
      ['role', (who) => t.app.db.update(users).set({ role: 'operator' }).where(eq(users.id, who.userId)).run()],
      ['elsewhere', (_who, token) => t.app.db.$client.run('DELETE FROM tokens WHERE id = ?', [token])],
    ];
    for (const [what, act] of acts) {
      const who = person('admin');
      const made = tokenOf(who, 'admin');
      await ends(what, await byToken(made.token), () => act(who, made.id));
    }
    expect(t.server.streams.count()).toBe(0);
  });

  test('who only watches, when it may no longer be watched; who may open terminals goes on', async () => {
    setWatchable(t.app, SYSTEM, id, true);
    const admin = await byPage(person('admin'));
    const operator = await byPage(person('operator'));
    await ends('watchable', operator, () => setWatchable(t.app, SYSTEM, id, false), CLOSE.gone);
    await Bun.sleep(50);
    expect(admin.seen.closed).toBe(false);
    admin.close();
  });

  test('a stop of the panel tells why', async () => {
    const socket = await byPage(person('admin'));
    await ends('restart', socket, () => t.server.streams.stop('restart'), CLOSE.leaving);
  });
});

describe('open', () => {
  test('a program with a token sees, types and sizes', async () => {
    const who = person('admin');
    const socket = await byToken(tokenOf(who, 'admin').token);
    await socket.told('h');
    const program = fake.programs.at(-1)!;
    program.says('馒头\xff');
    await socket.saw('馒头');
    socket.type('ls\r');
    socket.size(120, 40);
    await until(() => program.sizes.at(-1) === '120x40');
    expect(Buffer.concat(program.typed).toString()).toBe('ls\r');
    socket.send(FRAME.ping, 'hello');
    await socket.told('p');
    program.ends({ code: 2, signal: null });
    await socket.told('x');
    expect(socket.seen.json.x).toEqual([{ code: 2, signal: null }]);
    socket.close();
  });

  test('S6 an operator, and a token of one, watch only', async () => {
    setWatchable(t.app, SYSTEM, id, true);
    const operator = person('operator');
    for (const socket of [await byPage(operator), await byToken(tokenOf(operator, 'operator').token), await byToken(tokenOf(person('admin'), 'operator').token)]) {
      await socket.told('h');
      expect(socket.seen.json.h).toMatchObject([{ readOnly: true }]);
      socket.type('rm -rf /\r');
      socket.size(10, 10);
      socket.send(FRAME.ping, 'x');
      await socket.told('p');
      socket.close();
    }
    await Bun.sleep(30);
    expect([fake.programs.at(-1)!.typed, fake.programs.at(-1)!.sizes]).toEqual([[], []]);
  });

  test('S22 garbage, frames that are none, and one over the cap end the socket, not the terminal', async () => {
    const who = person('admin');
    const bad: [Uint8Array, number[]][] = [
      [Buffer.from([0]), [CLOSE.bad]], [Buffer.alloc(0), [CLOSE.bad]], [Buffer.alloc(1000, 0xff), [CLOSE.bad]], [Buffer.from('sabc'), [CLOSE.bad]], [Buffer.from('a1'), [CLOSE.bad]],
      [Buffer.concat([Buffer.from('a'), encodeOffset(NaN)]), [CLOSE.bad]], [Buffer.from('o output'), [CLOSE.bad]], [Buffer.from('k{"token":""}'), [CLOSE.bad]],
      [Buffer.alloc((256 << 10) + 1, 'i'), [1006, 1009]],
    ];
    for (const [bytes, codes] of bad) {
      const socket = await byPage(who);
      await socket.told('h');
      socket.socket.send(bytes as never);
      expect(codes).toContain((await socket.closed).code);
    }
    const early = await byPage(who);
    early.socket.send(Buffer.alloc(200_000, 'i') as never);
    early.socket.send('text');
    expect((await early.closed).code).toBe(CLOSE.bad);
    const socket = await byPage(who);
    fake.programs.at(-1)!.says('still here');
    await socket.saw('still here');
    socket.close();
  });

  test('an acknowledgement from before a restart, or from nowhere, does no harm', async () => {
    const socket = await byPage(person('admin'), { acks: false });
    await socket.told('h');
    fake.programs.at(-1)!.says('x'.repeat(1000));
    await until(() => socket.seen.offset === 1000);
    socket.send(FRAME.ack, encodeOffset(2 ** 52));
    socket.send(FRAME.ack, encodeOffset(5));
    socket.send(FRAME.ack, encodeOffset(1000));
    socket.send(FRAME.ping, 'x');
    await socket.told('p');
    expect(socket.seen.closed).toBe(false);
    socket.close();
  });

  test('S15 a hostile title is a plain line for every viewer', async () => {
    const socket = await byPage(person('admin'));
    await socket.told('h');
    fake.programs.at(-1)!.says('\x1b]0;\u202e<img src=x onerror=alert(1)>\x00\u2066\x07');
    await until(() => socket.seen.json.v?.some((one) => (one as { title: string }).title.includes('<img')));
    expect((socket.seen.json.v!.at(-1) as { title: string }).title).toBe('<img src=x onerror=alert(1)>');
    const page = await (await fetch(`${panel.origin}/terminal`, { headers: cookie(person('admin')) })).text();
    expect(page).not.toContain('<img src=x');
    socket.close();
  });

  test('S22 a session, and a token, have a hundred streams at most', async () => {
    const who = person('admin');
    const { token } = tokenOf(who, 'admin');
    for (const open of [() => byPage(who), () => byToken(token)]) {
      const sockets = await Promise.all(Array.from({ length: 100 }, open));
      expect((await (await open()).closed).code).toBe(CLOSE.bad);
      for (const socket of sockets) socket.close();
      await Promise.all(sockets.map((socket) => socket.closed));
      await until(() => t.server.streams.count() === 0);
    }
  });

  test('a viewer that connects and goes at once leaves nobody behind', async () => {
    const who = person('admin');
    const sockets = await Promise.all(Array.from({ length: 50 }, () => byPage(who)));
    for (const socket of sockets) socket.socket.terminate();
    await until(async () => (await t.app.terminals.ask('list', {}))!.find((one) => one.id === id)!.viewers.length === 0);
    await until(() => t.server.streams.count() === 0);
  });
});
