import { expect } from 'bun:test';
import type { Init } from './app.ts';

type Run = (id: string, path: string, init?: Init) => Promise<unknown>;

const body = (value: object): Init => ({ body: JSON.stringify(value), headers: { 'content-type': 'application/json' } });

/** Calls everything that the API says about blocked addresses; none is left. */
export async function blockCalls(run: Run) {
  const made = (await run('blocks.create', '/firewall/blocks', body({ address: '198.18.0.9/24', comment: 'scanner' }))) as { id: number };
  expect(made).toMatchObject({ address: '198.18.0.0/24', until: null, source: 'person', list: null });
  expect(await run('blocks.list', '/firewall/blocks?q=198.18.0.77')).toMatchObject({ total: 1, items: [{ id: made.id }] });
  expect(await run('blocks.standing', '/firewall/blocks/standing')).toEqual({ tool: 'nftables', refusal: null, ranges: 1, fault: null, putBackAt: null });
  await run('blocks.lift', `/firewall/blocks/${made.id}`);
  const text = '198.18.1.1\n198.18.1.1\n10.0.0.1\nnonsense';
  const wanted = { id: null, added: 1, known: 0, repeated: 1, removed: 0, refused: [{ line: 3, text: '10.0.0.1', why: 'private' }, { line: 4, text: 'nonsense', why: 'notAddress' }] };
  expect(await run('blocks.import', '/firewall/blocks/import', body({ name: 'Spam', text, check: true }))).toEqual(wanted);
  const { id } = (await run('blocks.import', '/firewall/blocks/import', body({ name: 'Spam', text }))) as { id: string };
  expect(await run('blocks.lists', '/firewall/blocks/lists')).toMatchObject({ items: [{ id, name: 'Spam', entries: 1 }] });
  await run('blocks.export', `/firewall/blocks/lists/${id}`);
  await run('blocks.remove_list', `/firewall/blocks/lists/${id}`);
  expect(await run('blocks.list', '/firewall/blocks')).toMatchObject({ total: 0 });
}
