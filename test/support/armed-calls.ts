import { expect } from 'bun:test';
import { applyArmed } from '../../src/core/armed/armed.ts';
import { lookAtArmed } from '../../src/core/armed/tend.ts';
import { SYSTEM } from '../../src/core/app.ts';
import type { Init, TestApp } from './app.ts';

type Run = (id: string, path: string, init?: Init) => Promise<unknown>;

/** Calls everything that the API says about armed changes: one is kept, one reverted, one reverts by itself. */
export async function armedCalls({ app, clock }: TestApp, run: Run) {
  const one = (target: string) => applyArmed(app, SYSTEM, { noun: 'firewall', target, revert: [{ run: ['/usr/sbin/ufw', 'delete', 'deny', '443/tcp'] }] }, async () => {});
  const kept = await one('kept');
  expect(await run('armed.list', '/armed')).toMatchObject({ armed: [{ id: kept.id, seconds: 60, steps: ['/usr/sbin/ufw delete deny 443/tcp'] }], reverted: [] });
  await run('armed.keep', `/armed/${kept.id}/keep`, { method: 'POST' });
  await run('armed.revert', `/armed/${(await one('reverted')).id}/revert`, { method: 'POST' });
  const { id } = await one('left');
  clock.advance(60_000);
  await lookAtArmed(app);
  expect(await run('armed.list', '/armed')).toMatchObject({ armed: [], reverted: [{ id, reason: 'time' }] });
  await run('armed.dismiss', `/armed/${id}/dismiss`, { method: 'POST' });
  expect(await run('armed.list', '/armed')).toEqual({ armed: [], reverted: [] });
}
