/**
 * What a test needs of the machine it runs on.
 *
 *     const it = needs('root', 'docker');
 *     it('pulls an image', async () => { … });
 *     if (it.ok) beforeAll(…);
 *
 * Where something is missing the test is skipped and its name says why. With CI=true it fails instead: on the machine
 * that decides, a silent skip would look like a pass.
 */
import { describe, test } from 'bun:test';
import { existsSync, mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composePlugin } from './compose-plugin.ts';

export type Need = keyof typeof probes;

type Body = () => void | Promise<unknown>;

interface Needing {
  (name: string, body: Body, timeout?: number): void;
  /** true when everything is there; hooks ask this before they prepare anything */
  ok: boolean;
  /** a group whose hooks run only when everything is there */
  describe(name: string, body: () => void): void;
}

/** @returns `test`, or what stands in for it while a need is not met */
export function needs(...wanted: Need[]): Needing {
  const missing = wanted.map((need) => probe(need)).filter((reason) => reason !== null);
  const why = missing.join('; ');
  const ok = missing.length === 0;
  const declare = (name: string, body: Body, timeout?: number): void => {
    if (ok) test(name, body, timeout);
    else if (process.env.CI === 'true') test(name, () => { throw new Error(`Needed on CI, but ${why}`); });
    else test.skip(`${name} (skipped: ${why})`, body);
  };
  // The tests of a group declare themselves by the same function, so each of them is skipped by its own name.
  const group = (name: string, body: () => void): void => void describe(name, body);
  return Object.assign(declare, { ok, describe: group });
}

const answered = new Map<Need, string>();

/** @returns null when the need is met, else the reason; only a met need is remembered, for what is missing may come */
export function probe(need: Need): string | null {
  if (answered.has(need)) return null;
  const reason = probes[need]();
  if (reason === null) answered.set(need, '');
  return reason;
}

const probes = {
  root: () => (process.getuid?.() === 0 ? null : 'not root'),
  linux: () => (process.platform === 'linux' ? null : 'not Linux'),
  docker: () => {
    const socket = '/var/run/docker.sock';
    if (!existsSync(socket)) return 'no Docker engine is running (npm test starts one as root)';
    return runs('curl', '-sf', '-m', '60', '--unix-socket', socket, 'http://docker/_ping') ? null : 'no Docker engine answers';
  },
  busybox: () => program('busybox'),
  registry: () => program('docker-registry'),
  git: () => program('git'),
  composeProgram: () => (runs('docker-compose', 'version') ? null : 'no docker-compose'),
  composePlugin,
  debootstrap: () => program('debootstrap'),
  chromium: () => (chromium() ? null : 'no Chromium'),
  wine: () => (Bun.which('wine') ? null : 'no wine'),
  mingw: () => program('x86_64-w64-mingw32-gcc'),
  nginx: () => program('nginx'),
  openssl: () => program('openssl'),
  acl: () => program('setfacl') ?? program('getfattr') ?? program('getcap') ?? program('chattr'),
  vim: () => program('vim'),
  htop: () => program('htop'),
  shellcheck: () => program('shellcheck'),
  sshd: () => program('sshd') ?? program('ssh') ?? program('useradd'),
  mounts: () => (mounts() ? null : 'file systems cannot be mounted here'),
  editors: () => program('vim') ?? program('htop') ?? program('less') ?? program('tmux'),
  unshare: () => (runs('unshare', '-m', 'true') ? null : 'mount namespaces are not allowed here'),
};

/** A container may be root and still not be let. */
function mounts(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'mantou-mount-'));
  const done = runs('mount', '-t', 'tmpfs', '-o', 'size=64k', 'none', folder) && runs('umount', folder);
  rmdirSync(folder);
  return done;
}

const program = (name: string): string | null => (Bun.which(name) || existsSync(`/usr/sbin/${name}`) ? null : `no ${name}`);

function runs(...argv: string[]): boolean {
  if (!Bun.which(argv[0] ?? '')) return false;
  return Bun.spawnSync(argv, { stdin: 'ignore', stdout: 'ignore', stderr: 'ignore', timeout: 300_000 }).exitCode === 0;
}

/**
 * The browser that the tests drive: $CHROMIUM, or the first that is installed. The headless shell is Chromium without windows:
 * a page takes a third of the work.
 */
export function chromium(): string | undefined {
  const names = [process.env.CHROMIUM, 'chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
  return names.map((name) => (name ? Bun.which(name) : null)).find((path) => path !== null) ?? undefined;
}
