/**
 * Folders with a Debian in them, made of the distribution's own packages once and kept: what throw-away machines are made of.
 * Ask `needs('root', 'debootstrap', 'unshare')` first.
 */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { MACHINE_NETWORK } from '../run/network.ts';
import { cache, locked } from './executable.ts';

/** In each of them. */
const BASE = 'systemd,systemd-sysv,dbus,procps,iproute2,curl,ca-certificates';

/** @param packages besides those in each @returns the folder; nobody may change what is in it */
export async function debian(name: string, packages: readonly string[]): Promise<string> {
  const base = await once('base', (folder) => ['/usr/sbin/debootstrap', '--variant=minbase', `--include=${BASE}`, 'bookworm', folder]);
  return packages.length === 0 ? base : once(name, (folder) => ['unshare', '--mount', '--propagation', 'private', 'sh', '-ec', ADD, 'sh', base, folder, ...packages]);
}

/** Nothing is started where it is only installed (policy-rc.d), and what was fetched is not kept. */
const ADD = `base=$1; folder=$2; shift 2
cp -a "$base" "$folder"
mount -t proc proc "$folder/proc"
printf '#!/bin/sh\\nexit 101\\n' > "$folder/usr/sbin/policy-rc.d"
chmod 755 "$folder/usr/sbin/policy-rc.d"
cp /etc/resolv.conf "$folder/etc/resolv.conf"
chroot "$folder" env DEBIAN_FRONTEND=noninteractive sh -ec 'apt-get -q update; apt-get -q -y --no-install-recommends install "$@"; apt-get clean' sh "$@"
rm "$folder/usr/sbin/policy-rc.d"`;

async function once(name: string, make: (folder: string) => string[]): Promise<string> {
  const folder = join(cache, `debian-bookworm-${name}-2`);
  mkdirSync(cache, { recursive: true });
  await locked(join(cache, `debian-${name}.lock`), async () => {
    if (existsSync(folder)) return;
    const fresh = `${folder}.new-${process.pid}`;
    // Browser tests run in a network of their own, which leads nowhere: packages come by the machine's.
    const machine = process.env[MACHINE_NETWORK] ?? '/proc/self/ns/net';
    const child = Bun.spawn(['nsenter', `--net=${machine}`, '--', ...make(fresh)], { stdin: 'ignore', stdout: 'pipe', stderr: 'pipe' });
    const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
    if (code !== 0) {
      rmSync(fresh, { recursive: true, force: true });
      throw new Error(`${name} was not made: ${out.slice(-2000)}${err.slice(-2000)}`);
    }
    renameSync(fresh, folder);
  });
  return folder;
}
