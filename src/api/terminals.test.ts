import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { eq } from 'drizzle-orm';
import { testApp, type Browser, type TestApp } from '../../test/support/app.ts';
import { live } from '../../test/support/live.ts';
import { fakePty, fakeShells, hostInProcess } from '../../test/support/pty.ts';
import { SYSTEM } from '../core/app.ts';
import { openTerminal } from '../core/terminal/terminals.ts';
import { createToken } from '../core/tokens/tokens.ts';
import { audit } from '../db/schema/audit.ts';
import type { Role } from '../db/schema/users.ts';

let t: TestApp;
let panel: ReturnType<typeof live>;
let host: ReturnType<typeof hostInProcess>;
let id = '';

beforeAll(async () => {
  t = testApp({ shells: fakeShells });
  panel = live(t);
  host = hostInProcess({ pty: fakePty().driver, dataDir: t.app.config.dataDir });
  id = (await openTerminal(t.app, SYSTEM, { shell: '', folder: '', cols: 80, rows: 24 })).id;
});
afterAll(async () => {
  panel.stop();
  expect(t.errors).toEqual([]);
  await host.stop();
  await t.close();
});

let people = 0;
const person = (role: Role) => t.as(role, `${role}${people++}`);
const cookie = (who: Browser) => ({ cookie: `mantou_session=${who.token}` });
const tokenOf = (who: Browser, role: Role) => createToken(t.app, SYSTEM, { userId: who.userId, name: 'x', role, expiresInDays: null });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe('S12 by single requests', () => {
  test('who reads or types into another’s terminal is written down, once an hour; their own is not', async () => {
    const who = person('admin');
    const headers = { ...bearer(tokenOf(who, 'admin').token), 'content-type': 'application/json' };
    const joins = () => t.app.db.select().from(audit).where(eq(audit.action, 'terminal.join')).all().filter(({ userId }) => userId === who.userId).map(({ params }) => params.id as string);
    const call = (terminal: string, what: string, body?: object) => fetch(`${panel.origin}/api/v1/terminals/${terminal}/${what}`, { headers, ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}) });
    expect((await call(id, 'output')).status).toBe(200);
    expect((await call(id, 'input', { text: 'id\r' })).status).toBe(204);
    expect(joins()).toEqual([id]);
    t.clock.advance(3_600_001);
    expect((await call(id, 'input', { text: 'id\r' })).status).toBe(204);
    expect(joins()).toEqual([id, id]);
    const own = (await (await fetch(`${panel.origin}/api/v1/terminals`, { method: 'POST', headers, body: '{}' })).json()) as { id: string };
    expect((await call(own.id, 'output')).status).toBe(200);
    expect(joins()).toEqual([id, id]);
    await fetch(`${panel.origin}/api/v1/terminals/${own.id}`, { method: 'DELETE', headers });
  });

  test('the list’s stream tells who may only watch no ids', async () => {
    const first = async (who: Browser) => {
      const abort = new AbortController();
      const answer = await fetch(`${panel.origin}/terminal/stream`, { headers: cookie(who), signal: abort.signal });
      const reader = answer.body!.getReader();
      let text = '';
      t.app.bus.emit('terminals.changed', { id });
      while (!text.includes('data:')) text += new TextDecoder().decode((await reader.read()).value);
      abort.abort();
      return text.includes(id);
    };
    expect([await first(person('admin')), await first(person('operator'))]).toEqual([true, false]);
  });
});
