import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readBans, readJailNames, readJailStatus } from './fail2ban.ts';

/** Captured from fail2ban 1.0.2 of Debian 12. */
const fixture = (name: string) => readFileSync(join(import.meta.dir, '../../../test/fixtures/fail2ban', name), 'utf8');

test('its jails, whom they keep and until when', () => {
  expect(readJailNames(fixture('status.txt'))).toEqual(['sshd']);
  expect(readJailStatus(fixture('status-sshd.txt'))).toEqual({ failed: expect.any(Number) as never, failedTotal: expect.any(Number) as never, bannedTotal: expect.any(Number) as never });
  const bans = readBans(fixture('banip.txt'));
  expect(bans.map(({ address }) => address)).toContain('2001:db8:9::1');
  expect(bans.every(({ until }) => until === null || (until > Date.parse('2026-11-28') && until < Date.parse('2026-12-01')))).toBe(true);
});

test('no jail, no ban, and what is not understood, are nothing', () => {
  expect([readJailNames(''), readJailNames('Status\n|- Number of jail:\t0\n`- Jail list:\t'), readJailNames('Jail list: sshd, --help, -x, a b')]).toEqual([[], [], ['sshd']]);
  expect([readBans(''), readBans('sorry'), readJailStatus('')]).toEqual([[], [], { failed: 0, failedTotal: 0, bannedTotal: 0 }]);
  expect(readBans('198.18.5.2 \t2026-11-29 05:44:34 + -1 = 9999-12-31 23:59:59')).toEqual([{ address: '198.18.5.2', until: null }]);
});
