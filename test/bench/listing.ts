/**
 * `bun test/bench/listing.ts`: a folder of 100,000 files, the panel beside ls and nginx, in turns in one run. Prints
 * figures and ratios, and judges nothing.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SYSTEM } from '../../src/core/app.ts';
import { listingWindow, openListing } from '../../src/core/files/listing/listing.ts';
import { listingsOf } from '../../src/core/files/listing/store.ts';
import { testApp } from '../support/app.ts';
import { runPanel, setUp } from '../support/panel.ts';
import { davServer } from './dav.ts';
import { alone, median, type Measured, type Note } from './figures.ts';

const ENTRIES = 100_000;
const ROWS = 200;
const mib = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

export async function benchListing(note: Note, { command, quick }: Measured) {
  const panel = await runPanel(command);
  const server = await davServer();
  const home = server?.files ?? mkdtempSync(join(tmpdir(), 'mantou-bench-listing-'));
  try {
    const big = join(home, 'big');
    mkdirSync(big);
    for (let i = 0; i < ENTRIES; i++) writeFileSync(join(big, `report-${(i * 7919) % ENTRIES}.txt`), 'x'.repeat(i % 50));
    const cookie = await setUp(panel);
    const rows = async (query: string) => (await fetch(`${panel.url}/files/rows?path=${big}&count=${ROWS}&${query}`, { headers: { cookie } })).text();
    const times = new Map<string, number[]>();
    const time = async (what: string, run: () => unknown) => {
      const from = performance.now();
      await run();
      times.set(what, [...(times.get(what) ?? []), performance.now() - from]);
    };
    for (let i = 0; i < (quick ? 7 : 15); i++) {
      let id = '';
      await time('ls -f', () => Bun.spawnSync(['ls', '-f', big]));
      await time('ls -la', () => Bun.spawnSync(['ls', '-la', big]));
      await time('cold', async () => void (id = /data-listing="([^"]+)"/.exec(await rows(''))![1]!));
      // This one waits until all is in order; from then on it is.
      await time('middle', () => rows(`listing=${id}&from=50000`));
      await time('kept', () => rows(`listing=${id}`));
      await time('filter', () => rows(`listing=${id}&narrow=on&filter=99`));
      await time('size', () => rows('sort=size'));
      await time('modified', () => rows('sort=-modified'));
      if (server) await time('nginx', async () => (await fetch(`${server.url}/big/`)).text());
    }
    const shown = (what: string) => `${median(times.get(what)!).toFixed(1)} ms, least ${Math.min(...times.get(what)!).toFixed(1)}`;
    const beside = (what: string, to: string) => `${(median(times.get(what)!) / median(times.get(to)!)).toFixed(2)} × ${to}`;
    note('100,000 entries: ls -f', shown('ls -f'));
    note('100,000 entries: ls -la', shown('ls -la'));
    if (server) note('100,000 entries: nginx autoindex JSON, all of them', shown('nginx'));
    note('first 200 rows by name, cold, as HTML', shown('cold'), `${beside('cold', 'ls -f')}, goal ≤ 100 ms`);
    note('200 rows of its middle, just after', shown('middle'));
    note('the first rows again, from the snapshot', shown('kept'), 'goal ≤ 10 ms');
    note('a filter on it', shown('filter'));
    note('first 200 rows by size', shown('size'), `${beside('size', 'ls -la')}, goal ≤ 1.0 ×`);
    note('first 200 rows by time', shown('modified'), `${beside('modified', 'ls -la')}, goal ≤ 1.0 ×`);
    await memory(note, big);
  } finally {
    await server?.stop();
    await panel.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

/** The heap of this process: what listings keep is strings and arrays, and nothing outside of it. */
async function memory(note: Note, big: string) {
  const t = testApp();
  const heap = () => {
    for (let i = 0; i < 3; i++) Bun.gc(true);
    return process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
  };
  try {
    // Once beforehand: what is compiled at first use is not what is measured.
    await openListing(t.app, SYSTEM, { path: big });
    t.clock.advance(120_000);
    listingsOf(t.app).size();
    const before = heap();
    const listings = 5;
    for (let i = 0; i < listings; i++) {
      const listing = await openListing(t.app, SYSTEM, { path: big, sort: i % 2 ? 'size' : 'name' });
      await listingWindow(t.app, SYSTEM, listing, 50_000, ROWS);
    }
    note('heap that one listing keeps (of 5)', mib((heap() - before) / listings), 'goal ≤ 30 MiB');
    t.clock.advance(120_000);
    listingsOf(t.app).size();
    note('heap that is left of them a minute later', mib(Math.max(0, heap() - before)), 'freed');
  } finally {
    await t.close();
  }
}

if (import.meta.main) await alone(benchListing);
