import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { chmodSync, chownSync, copyFileSync, existsSync, linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { archiveBench } from '../../../test/support/archives.ts';
import { testApp, type TestApp } from '../../../test/support/app.ts';
import { needs } from '../../../test/support/needs.ts';
import { uploadPanel } from '../../../test/support/upload-panel.ts';
import { SYSTEM } from '../app.ts';
import { replace, withTarget, writeAll } from './text/replace.ts';

/**
 * Whoever owns a folder may swap what the panel is writing there, also its hidden parts. The panel is root: what it does
 * to a part by its name would be done to whatever a link there leads to.
 */
const partIn = (folder: string) => readdirSync(folder).filter((name) => name.includes('.mantou-'));

function swapForLink(folder: string, target: string) {
  const [part] = partIn(folder);
  renameSync(join(folder, part!), join(folder, 'away'));
  symlinkSync(target, join(folder, part!));
}

describe('S4 an upload whose part was swapped for a link', () => {
  const panel = uploadPanel();
  let secret = '';
  beforeEach(() => {
    secret = join(mkdtempSync(join(tmpdir(), 'mantou-secret-')), 'shadow');
    writeFileSync(secret, 'secret');
    chmodSync(secret, 0o600);
  });
  const untouched = () => expect([readFileSync(secret, 'utf8'), statSync(secret).mode & 0o777, statSync(secret).uid]).toEqual(['secret', 0o600, process.getuid!()]);

  test.each(['ask', 'replace', 'keep-both'])('%s: what it leads to keeps its mode, owner and contents', async (conflict) => {
    if (conflict === 'replace') writeFileSync(join(panel.root, 'a.txt'), 'old', { mode: 0o666 });
    const url = await panel.begin(3, { conflict, lastModified: '1700000000000' });
    let sent = false;
    const slow = new ReadableStream({
      pull(c) {
        if (sent) {
          // Its bytes are on their way, and the panel has the part open.
          swapForLink(panel.root, secret);
          c.enqueue(Buffer.from('c'));
          return c.close();
        }
        sent = true;
        c.enqueue(Buffer.from('ab'));
      },
    }, { highWaterMark: 0 });
    const answer = await panel.admin.request(url, {
      method: 'PATCH', body: slow,
      headers: { 'tus-resumable': '1.0.0', origin: 'http://127.0.0.1:8686', 'upload-offset': '0', 'content-type': 'application/offset+octet-stream', 'content-length': '3' },
    });
    untouched();
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(readdirSync(panel.root)).not.toContain('a (2).txt');
  });

  test('nor one that is done in the next request', async () => {
    const url = await panel.begin(0);
    rmSync(join(panel.root, 'a.txt'), { force: true });
    const next = await panel.begin(3, { filename: 'b.txt' });
    swapForLink(panel.root, secret);
    expect((await panel.patch(next, 0, 'abc')).status).toBeGreaterThanOrEqual(400);
    untouched();
    expect(url).toBeString();
  });
});

describe('S4 other parts that were swapped', () => {
  let t: TestApp;
  let root = '';
  let secret = '';
  beforeEach(() => {
    t = testApp();
    root = realpathSync(mkdtempSync(join(tmpdir(), 'mantou-swapped-')));
    mkdirSync(join(root, 'theirs'));
    mkdirSync(join(root, 'mine'));
    secret = join(root, 'theirs/shadow');
    writeFileSync(secret, 'secret', { mode: 0o600 });
  });
  afterEach(async () => {
    expect(t.errors).toEqual([]);
    await t.close();
    rmSync(root, { recursive: true, force: true });
  });

  test('a save in place does not read what a link in place of its part leads to', async () => {
    const folder = join(root, 'mine');
    writeFileSync(join(folder, 'a'), 'old');
    linkSync(join(folder, 'a'), join(folder, 'b'));
    const save = withTarget(t.app, SYSTEM, join(folder, 'a'), (target) =>
      replace(t.app, target, async (handle) => {
        await writeAll(handle, Buffer.from('new'), 0);
        swapForLink(folder, secret);
      }));
    expect(await save.then(() => 'saved', (error: { code?: string }) => error.code)).not.toBe('saved');
    expect([readFileSync(join(folder, 'a'), 'utf8'), readFileSync(secret, 'utf8')]).toEqual(['old', 'secret']);
  });
});

describe('S4 an archive whose folder was swapped while it is unpacked', () => {
  const { at, unpack, run } = archiveBench();

  // As inotify and a list of processes would tell them when.
  const swaps: Record<string, (part: string, outside: string) => boolean> = {
    'a link as soon as it is there': (part, outside) => {
      renameSync(at('target', part), at('target', `away-${part}`));
      symlinkSync(outside, at('target', part));
      return true;
    },
    'a link when the tool begins': (part, outside) => {
      if (!existsSync(at('target', part, 'names'))) return false;
      renameSync(at('target', part), at('target', `away-${part}`));
      // As if the tool had read it already: it writes later.
      copyFileSync(at('target', `away-${part}`, 'names'), join(outside, 'names'));
      symlinkSync(outside, at('target', part));
      return true;
    },
    'a folder of their own': (part, outside) => {
      if (!existsSync(at('target', `away-${part}`))) {
        renameSync(at('target', part), at('target', `away-${part}`));
        mkdirSync(at('target', part), { mode: 0o700 });
        chownSync(at('target', part), 65534, 65534);
      }
      // What is made in it is theirs to take away.
      if (!existsSync(at('target', part, 'sub'))) return false;
      renameSync(at('target', part, 'sub'), at('target', part, 'sub2'));
      symlinkSync(outside, at('target', part, 'sub'));
      return true;
    },
  };
  // Root alone gives folders to others.
  for (const name of ['a.tar', 'a.7z']) for (const how of Object.keys(swaps)) (how === 'a folder of their own' ? needs('root') : test)(`${name}, ${how}: nothing gets to where it leads`, async () => {
    mkdirSync(at('src/sub'), { recursive: true });
    for (let i = 0; i < 50; i++) writeFileSync(at(`src/sub/evil${i}`), crypto.getRandomValues(Buffer.alloc(50_000)));
    const made = name.endsWith('7z') ? run('7z', 'a', at(name), `${at('src')}/sub`) : run('tar', '-C', at('src'), '-cf', at(name), 'sub');
    expect(made.code).toBe(0);
    mkdirSync(at('target'));
    const outside = mkdtempSync(join(tmpdir(), 'mantou-outside-'));
    const swapped = new Set<string>();
    const spy = setInterval(() => {
      for (const part of partIn(at('target'))) if (!part.startsWith('away') && !swapped.has(part) && swaps[how]!(part, outside)) swapped.add(part);
    }, 0);
    await unpack(at(name), { to: at('target') }).finally(() => clearInterval(spy));
    expect(readdirSync(at('target')).some((part) => part.startsWith('away')) || !name.endsWith('7z')).toBe(true);
    expect(readdirSync(outside, { recursive: true }).filter((path) => path.includes('evil'))).toEqual([]);
    rmSync(outside, { recursive: true });
  });
});
