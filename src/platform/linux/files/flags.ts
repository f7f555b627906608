import { shellWord } from '../../../lib/shell-word.ts';
import { runOk, type Exec } from '../../exec.ts';
import type { AttributesDriver, FileFlags } from '../../files.ts';
import { entryOfPanel } from './own-path.ts';

/** Flags of inodes by lsattr and chattr of e2fsprogs; ext4, XFS, Btrfs, F2FS and tmpfs of Linux 6.6 keep them. */
export function createLinuxFlags(exec: Exec): AttributesDriver {
  return {
    missing: () => ['lsattr', 'chattr'].find((name) => !exec.which(name)) ?? null,
    async read(folder, name) {
      const path = entryOfPanel(folder, name);
      if (path === null) return null;
      const { code, stdout } = await exec.run([exec.which('lsattr')!, '-d', '--', path], { timeout: 10_000 });
      return code === 0 ? parseLsattr(stdout) : null;
    },
    async set(folder, name, flags) {
      const path = entryOfPanel(folder, name);
      if (path === null) return;
      // Taken away first: what is immutable takes no other change.
      for (const word of words(flags)) await runOk(exec, [exec.which('chattr')!, word, '--', path], { timeout: 10_000 });
    },
    commands: (path, flags) => words(flags).map((word) => `chattr ${word} -- ${shellWord(path)}`),
  };
}

/** "-ia", then "+i": at most two calls. */
function words({ immutable, appendOnly }: FileFlags): string[] {
  const off = `${immutable ? '' : 'i'}${appendOnly ? '' : 'a'}`;
  const on = `${immutable ? 'i' : ''}${appendOnly ? 'a' : ''}`;
  return [...(off ? [`-${off}`] : []), ...(on ? [`+${on}`] : [])];
}

/** `----i---------e------- /srv/a b`: the letters stand before the first blank. */
export function parseLsattr(text: string): FileFlags | null {
  const letters = /^([A-Za-z-]{8,}) /.exec(text)?.[1];
  return letters === undefined ? null : { immutable: letters.includes('i'), appendOnly: letters.includes('a') };
}
