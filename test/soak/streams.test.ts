/**
 * `bun run soak` (apart from `npm test`): half an hour of pages that come, stay, stall and go, with restarts in between.
 * SOAK_MINUTES shortens it. What must not happen: memory that grows with time, an error in the log, a lost audit row.
 */
import { expect, test } from 'bun:test';
import { hostname } from 'node:os';
import { executable } from '../support/executable.ts';
import { runPanel, setUp } from '../support/panel.ts';
import { until } from '../support/until.ts';
import { pssMiB, tree } from '../bench/process.ts';

const MINUTES = Number(process.env.SOAK_MINUTES ?? 30);
const PAGES = 40;

test('streams come and go for long: memory stays, nothing is lost, nothing is logged', async () => {
  const panel = await runPanel([await executable()]);
  const cookie = await setUp(panel);
  const headers = { cookie };
  const open = async () => {
    const abort = new AbortController();
    const answer = await fetch(`${panel.url}/dashboard/stream`, { headers, signal: abort.signal });
    expect(answer.status).toBe(200);
    // Every third page stops reading, as a laptop that was closed does.
    if (Math.random() < 0.66) void (async () => { for await (const _ of answer.body!); })().catch(() => {});
    return abort;
  };
  const audits = async () => {
    const answer = await fetch(`${panel.url}/audit`, { headers });
    return Number(/of (\d+)/.exec(await answer.text())?.[1] ?? -1);
  };
  const end = Date.now() + MINUTES * 60_000;
  const first = await audits();
  let settled = 0;
  let changes = 0;
  for (let round = 0; Date.now() < end; round++) {
    const pages = await Promise.all(Array.from({ length: PAGES }, open));
    for (let i = 0; i < 10; i++) await fetch(`${panel.url}/`, { headers }).then((answer) => answer.arrayBuffer());
    const saved = await fetch(`${panel.url}/settings/retention`, {
      method: 'POST', redirect: 'manual', headers: { ...headers, origin: panel.url },
      body: new URLSearchParams({ auditDays: String(100 + (round % 50)), taskDays: '30' }),
    });
    expect(saved.status).toBe(303);
    changes++;
    await Bun.sleep(5000);
    for (const page of pages) page.abort();
    await Bun.sleep(1000);
    const memory = pssMiB(tree(panel.pid));
    if (round === 5) settled = memory;
    if (round > 5) expect(memory).toBeLessThan(settled + 40);
    if (round % 8 === 7) {
      const before = panel.console().split('ready:').length;
      await fetch(`${panel.url}/power/panel`, { method: 'POST', redirect: 'manual', headers: { ...headers, origin: panel.url }, body: new URLSearchParams({ confirm: hostname() }) }).catch(() => {});
      await until(() => panel.console().split('ready:').length > before);
      await until(() => fetch(`${panel.url}/healthz`).then((answer) => answer.ok, () => false));
    }
  }
  expect(await audits()).toBeGreaterThanOrEqual(first + changes);
  expect(panel.errorLog()).toBe('');
  expect(await panel.stop()).toBe(0);
}, (MINUTES + 10) * 60_000);
