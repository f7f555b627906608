import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { eq } from 'drizzle-orm';
import { testApp, type Browser, type TestApp } from '../../../test/support/app.ts';
import { live } from '../../../test/support/live.ts';
import { fakePty, fakeShells, hostInProcess } from '../../../test/support/pty.ts';
import { openSocket } from '../../../test/support/terminal-socket.ts';
import { until } from '../../../test/support/until.ts';
import { SYSTEM, type Actor } from '../../core/app.ts';
import { createTerminalShare, removeTerminalShare } from '../../core/terminal/shares.ts';
import { openTerminal } from '../../core/terminal/terminals.ts';
import { audit } from '../../db/schema/audit.ts';
import { CLOSE } from '../../http/socket.ts';

/** What somebody gets who has a link to look at a terminal, and no account. */
let t: TestApp;
let panel: ReturnType<typeof live>;
let host: ReturnType<typeof hostInProcess>;
let fake: ReturnType<typeof fakePty>;
let admin: Browser;
let maker: Actor;
let id = '';
let token = '';

beforeAll(() => {
  t = testApp({ shells: fakeShells });
  panel = live(t);
  fake = fakePty();
  host = hostInProcess({ pty: fake.driver, dataDir: t.app.config.dataDir });
  admin = t.as('admin', 'lin');
  maker = { kind: 'user', userId: admin.userId, name: 'lin', role: 'admin', sessionId: admin.sessionId, tokenId: null, ip: '' };
});
afterAll(async () => {
  panel.stop();
  expect(t.errors).toEqual([]);
  expect(host.faults).toEqual([]);
  await host.stop();
  await t.close();
});
beforeEach(async () => {
  id = (await openTerminal(t.app, SYSTEM, { shell: '', folder: '', cols: 80, rows: 24 })).id;
  token = createTerminalShare(t.app, maker, id, { hours: 1 }).token;
});

const look = () => openSocket(`${panel.origin}/t/${token}/socket`, { headers: { origin: panel.origin } });
const watches = () => t.app.db.select().from(audit).where(eq(audit.action, 'terminal.watch')).all().length;

test('S12 a guest learns how many look, and not who', async () => {
  const own = await openSocket(`${panel.origin}/terminal/socket?id=${id}`, { headers: { cookie: `mantou_session=${admin.token}`, origin: panel.origin } });
  await own.told('h');
  const guest = await look();
  await guest.told('h');
  await until(() => guest.seen.json.v?.length);
  expect(JSON.stringify(guest.seen.json)).not.toContain('lin"');
  expect(guest.seen.json.h).toMatchObject([{ readOnly: true, viewers: [{ name: '' }, { name: '' }] }]);
  // To others a guest is not the one who made the link.
  await until(() => (own.seen.json.v?.at(-1) as { viewers: { name: string }[] } | undefined)?.viewers.length === 2);
  expect((own.seen.json.v!.at(-1) as { viewers: object[] }).viewers).toEqual([{ name: 'lin', readOnly: false }, { name: 'lin (/t/)', readOnly: true }]);
  own.close();
  guest.close();
});

test('S12 a guest types, sizes and holds nothing', async () => {
  const guest = await openSocket(`${panel.origin}/t/${token}/socket?readOnly=false&cols=10&rows=10&id=${id}`, { headers: { origin: panel.origin }, acks: false });
  await guest.told('h');
  guest.type('id\r');
  guest.size(10, 10);
  const program = fake.programs.at(-1)!;
  for (let i = 0; i < 64; i++) program.says('x'.repeat(32 * 1024));
  await guest.told('o');
  expect([program.typed, program.sizes, program.held]).toEqual([[], [], false]);
  guest.close();
});

describe('S22 the audit log', () => {
  test('has who looks once an hour and not each time', async () => {
    const before = watches();
    for (let i = 0; i < 5; i++) {
      const guest = await look();
      await guest.told('h');
      guest.close();
      await guest.closed;
    }
    expect(watches()).toBe(before + 1);
    t.clock.advance(3_600_001);
  });

  test('has nobody who asks for no socket', async () => {
    const before = watches();
    for (const method of ['GET', 'HEAD', 'OPTIONS', 'POST']) expect([method, (await fetch(`${panel.origin}/t/${token}/socket`, { method, headers: { origin: panel.origin } })).status]).toEqual([method, { GET: 426, HEAD: 426, OPTIONS: 404, POST: 404 }[method]!]);
    expect(watches()).toBe(before);
  });
});

test('S7 another site, or a name that is not ours, opens no socket by a link', async () => {
  for (const headers of [{}, { origin: 'https://evil.example' }, { origin: 'null' }, { origin: panel.origin, host: 'evil.example' }]) {
    await expect(openSocket(`${panel.origin}/t/${token}/socket`, { headers: headers as Record<string, string> })).rejects.toThrow();
  }
});

test('S22 twenty look by one link, also when they come at once; S10 they are shut out when it is revoked', async () => {
  const all = await Promise.allSettled(Array.from({ length: 40 }, look));
  const guests = all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  expect(guests.length).toBe(20);
  const [share] = t.app.db.$client.query('SELECT id FROM terminal_shares WHERE terminal_id = ?').all(id) as [{ id: string }];
  for (const guest of guests) guest.mark();
  removeTerminalShare(t.app, maker, id, share.id);
  for (const guest of guests) {
    const { code, after } = await guest.closed;
    expect([code, after < 1000]).toEqual([CLOSE.gone, true]);
  }
});
