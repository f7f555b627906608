import { expect } from 'bun:test';
import { banOffenders } from '../../src/core/guard/ban.ts';
import { offenderOf } from '../../src/core/guard/counter.ts';
import type { Init, TestApp } from './app.ts';

type Run = (id: string, path: string, init?: Init) => Promise<unknown>;

const body = (value: object): Init => ({ body: JSON.stringify(value), headers: { 'content-type': 'application/json' } });

/** Calls everything that the API says about the guard; nobody is banned afterwards. */
export async function guardCalls(panel: TestApp, run: Run) {
  expect(await run('guard.get', '/firewall/guard')).toMatchObject({ guardOn: false, guardSources: ['sshd', 'rdp', 'panel'], guardSteps: [10, 60, 1440, 10_080], neverBlocked: [] });
  expect(await run('guard.change', '/firewall/guard', body({ guardFailures: 3, neverBlocked: ['198.51.100.9/24'] }))).toMatchObject({ guardFailures: 3, guardMinutes: 10, neverBlocked: ['198.51.100.0/24'] });
  const offender = { ...offenderOf('198.18.0.66')!, seen: [{ at: panel.clock.now(), text: 'Failed password for root from 198.18.0.66 port 4711 ssh2' }] };
  expect(await banOffenders(panel.app, [{ offender, source: 'sshd' }], [])).toEqual([]);
  const { items } = (await run('guard.bans', '/firewall/guard/bans?active=true')) as { items: { id: number }[] };
  const one = `/firewall/guard/bans/${items[0]!.id}`;
  expect(await run('guard.ban', one)).toMatchObject({ address: '198.18.0.66', active: true, times: 1, liftedAt: null, seen: offender.seen });
  await run('guard.lift', one);
  expect(await run('guard.bans', '/firewall/guard/bans?active=true')).toMatchObject({ total: 0 });
  await run('guard.jail_ban', '/firewall/guard/fail2ban/postfix-sasl/198.18.0.7');
  await run('guard.jail_lift', '/firewall/guard/fail2ban/postfix-sasl/198.18.0.7');
  const { jails } = (await run('guard.jails', '/firewall/guard/fail2ban')) as { jails: { banned: { address: string }[] }[] };
  expect(jails[0]!.banned.map(({ address }) => address)).not.toContain('198.18.0.7');
}
