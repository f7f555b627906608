/**
 * `bun test/bench/search.ts`: contents of a tree of 200 MB, searched by the panel and by `grep -r` in turns in one run.
 * Prints figures, judges nothing.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SYSTEM } from '../../src/core/app.ts';
import { search, SearchInput } from '../../src/core/files/search/search.ts';
import { which } from '../../src/platform/exec.ts';
import { testApp } from '../support/app.ts';
import { alone, type Measured, type Note } from './figures.ts';

const WORDS = 'error warn info request steam connect timeout database 馒头 user session token listen const let function return import export class'.split(' ');

const CASES: [string, Partial<SearchInput>, string[]][] = [
  ['text', { text: 'needle_here', case: 'on' }, ['-F', 'needle_here']],
  ['text, any case', { text: 'needle_here' }, ['-iF', 'needle_here']],
  ['expression with a word in it', { text: 'needle_\\w+ = \\d+', case: 'on', regex: 'on' }, ['-E', 'needle_\\w+ = [0-9]+']],
  ['expression without', { text: '[a-z]+_here', case: 'on', regex: 'on' }, ['-E', '[a-z]+_here']],
];

export async function benchSearch(note: Note, { quick }: Measured) {
  const root = mkdtempSync(join(tmpdir(), 'mantou-bench-search-'));
  const t = testApp();
  try {
    const { files, bytes } = plant(root);
    const grep = which('grep');
    for (const [name, input, args] of CASES) {
      let [ours, theirs] = [Infinity, Infinity];
      for (let run = 0; run < (quick ? 3 : 5); run++) {
        if (grep) theirs = Math.min(theirs, await timed(() => void Bun.spawnSync([grep, '-rnI', ...args, root], { stdout: 'pipe' })));
        ours = Math.min(ours, await timed(async () => {
          const ended = await search(t.app, SYSTEM, SearchInput.parse({ path: root, ...input }), new AbortController().signal, { hit: () => {} });
          // A figure for less than the tree would look like speed.
          if (ended.end !== 'all' || ended.files !== files) throw new Error(`searched ${ended.files} of ${files} files (${ended.end}): is somebody clearing ${root}?`);
        }));
      }
      note(`search ${(bytes / 1e6).toFixed(0)} MB: ${name}`, `${ours.toFixed(0)} ms`, grep ? `${(ours / theirs).toFixed(2)} × grep -r (${theirs.toFixed(0)} ms)` : '');
    }
  } finally {
    await t.close();
    rmSync(root, { recursive: true, force: true });
  }
}

async function timed(run: () => unknown): Promise<number> {
  const from = performance.now();
  await run();
  return performance.now() - from;
}

function plant(root: string) {
  let seed = 1;
  const random = () => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) / 0x7fffffff;
  let files = 0;
  let bytes = 0;
  for (let folder = 0; folder < 400; folder++) {
    const path = join(root, `d${folder % 20}`, `e${folder}`);
    mkdirSync(path, { recursive: true });
    for (let i = 0; i < 40; i++) {
      const size = 2000 + random() * 21_000;
      let text = '';
      while (text.length < size) text += `${Array.from({ length: 12 }, () => WORDS[Math.floor(random() * WORDS.length)]).join(' ')}\n`;
      if (files++ % 500 === 0) text += 'const needle_here = 42;\n';
      writeFileSync(join(path, `f${i}.txt`), text);
      bytes += text.length;
    }
  }
  return { files, bytes };
}

if (import.meta.main) await alone(benchSearch);
