import { createHash, randomBytes } from 'node:crypto';
import { closeSync, existsSync, lstatSync, mkdtempSync, openSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, unlinkSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What one ssh is given besides its arguments: its options, the host keys that it may trust, private keys and passwords; and
 * what `docker` is given to sign in.
 *
 * A secret has no place on a disk, not for a moment: its file lies in memory (/dev/shm) and has lost its name before the
 * secret is written into it. Only this process holds it open, and what ssh opens is `/proc/<this process>/fd/<n>`, which the
 * kernel lets processes of the same user do. So it is gone when it is closed, also when this process is killed, and it
 * stands in no argument, no environment and no folder. ssh itself closes what it inherits, so a pipe cannot be handed to it,
 * and it opens a key several times, which no pipe gives twice.
 */
export interface Handover {
  readonly folder: string;
  /** @returns where it lies */
  file(name: string, text: string): string;
  /** @returns a path that gives the secret until `close` */
  secret(name: string, text: string): string;
  /** Takes the secrets back; the folder and its files stay until `close`. */
  forget(): void;
  close(): void;
}

/** Both are names that no shell and no ssh_config(5) reads anything into. */
const base = () => (existsSync('/dev/shm') ? '/dev/shm' : '/tmp');
const prefix = (dataDir: string) => `mantou-ssh-${createHash('sha256').update(dataDir).digest('hex').slice(0, 12)}-`;

/** How the names of its folders begin, wherever somebody comes from. */
export const handoverPlace = (dataDir: string) => join(existsSync(base()) ? realpathSync(base()) : base(), prefix(dataDir));

export function openHandover(dataDir: string): Handover {
  // A name that nobody guesses: a server that asks for the passphrase of “the key in this folder” cannot know it.
  const folder = mkdtempSync(join(base(), `${prefix(dataDir)}${randomBytes(12).toString('hex')}-`));
  let held: number[] = [];
  const forget = () => {
    for (const fd of held) closeSync(fd);
    held = [];
  };
  let closed = false;
  return {
    folder,
    file(name, text) {
      const path = join(folder, name);
      writeFileSync(path, text, { mode: 0o600, flag: 'wx' });
      return path;
    },
    secret(name, text) {
      const path = join(folder, name);
      const fd = openSync(path, 'wx+', 0o600);
      held.push(fd);
      unlinkSync(path);
      writeSync(fd, text);
      symlinkSync(`/proc/${process.pid}/fd/${fd}`, path);
      return path;
    },
    forget,
    close() {
      if (closed) return;
      closed = true;
      forget();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Name of the file that says which ssh goes on for as long as its folder is there. */
export const HELD_BY = 'pid';

/** That ssh, if it still is the one that works in this folder: numbers are given again. */
function endHeld(folder: string) {
  try {
    const pid = Number(readFileSync(join(folder, HELD_BY), 'utf8'));
    if (pid > 1 && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder)) process.kill(pid);
  } catch {
    // There is none, or it has ended.
  }
}

/** Removes what a panel that was killed has left: options, host keys, connections; its secrets went with it. */
export function sweepHandovers(dataDir: string): void {
  if (process.platform !== 'linux') return;
  const own = process.getuid?.();
  for (const name of readdirSync(base()).filter((each) => each.startsWith(prefix(dataDir)))) {
    const path = join(base(), name);
    if (lstatSync(path, { throwIfNoEntry: false })?.uid !== own) continue;
    endHeld(path);
    rmSync(path, { recursive: true, force: true });
  }
}
