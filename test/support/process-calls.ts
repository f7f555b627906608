import { expect } from 'bun:test';
import type { Init, TestApp } from './app.ts';

type Run = (id: string, path: string, init?: Init) => Promise<unknown>;

const body = (value: object): Init => ({ body: JSON.stringify(value), headers: { 'content-type': 'application/json' } });

/** Calls everything that the API says about processes; one of them ends. */
export async function processCalls(panel: TestApp, run: Run) {
  const processes = (await run('processes.list', '/processes?sort=-memory&limit=3')) as { items: { memory: number }[]; next: string };
  expect(processes.items.map((row) => row.memory)).toEqual(processes.items.map((row) => row.memory).sort((a, b) => b - a));
  await run('processes.list', `/processes?sort=-memory&limit=3&cursor=${processes.next}`);
  const { pid, startedAt } = (await panel.app.host.processes.list()).find(({ name }) => name === 'rsync')!;
  const one = `/processes/${pid}/${startedAt}`;
  await run('processes.priority', `${one}/priority`, body({ nice: 19 }));
  expect(await run('processes.get', one)).toMatchObject({ process: { pid, nice: 19 } });
  expect(await run('processes.signal', `${one}/signal`, body({ signal: 'TERM' }))).toEqual({ sent: 1, left: [] });
}
