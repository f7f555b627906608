import { expect } from 'bun:test';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { needs } from '../../../../test/support/needs.ts';
import { pinFolder } from './pin.ts';

const inNamespaces = needs('linux', 'unshare');

inNamespaces('S4 what lies in another mount namespace is refused: its path tells of other folders than ours', async () => {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'mantou-namespace-')));
  const mine = join(base, 'mine');
  mkdirSync(mine);
  mkdirSync(join(base, 'theirs'));
  writeFileSync(join(base, 'theirs/shadow'), 'secret');
  // What any user may do in a namespace of their own (unshare -rm): to them "mine" holds what "theirs" does.
  const theirs = Bun.spawn(['unshare', '-m', 'sh', '-ec', 'mount --bind "$1/theirs" "$1/mine"; echo there; exec sleep 60', 'sh', base], { stdout: 'pipe' });
  try {
    const first = await theirs.stdout.getReader().read();
    expect(Buffer.from(first.value ?? []).toString()).toBe('there\n');
    const way = `/proc/${theirs.pid}/root${mine}`;
    symlinkSync(way, join(mine, 'folder'));
    symlinkSync(`${way}/shadow`, join(mine, 'file'));
    for (const path of [way, join(mine, 'folder'), `${join(mine, 'folder')}/.`]) {
      await expect(pinFolder(path)).rejects.toMatchObject({ code: 'EACCES' });
    }
    const folder = await pinFolder(mine);
    await expect(folder.open('file', 'follow')).rejects.toMatchObject({ code: 'EACCES' });
    // Other mounts of ours are no other namespace.
    for (const path of ['/dev/shm', '/proc/self/root/proc', `/proc/${process.pid}/cwd`]) await (await pinFolder(path)).close();
    await folder.close();
  } finally {
    theirs.kill(9);
    await theirs.exited;
    rmSync(base, { recursive: true, force: true });
  }
});
