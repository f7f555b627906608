import { hostname, release, totalmem, uptime } from 'node:os';
import { existsSync } from 'node:fs';
import { listAddresses } from '../addresses.ts';
import type { Exec } from '../exec.ts';
import type { SystemDriver } from '../system.ts';
import { parseBootTime, parseStat } from './proc.ts';
import { rebootPending } from './reboot.ts';
import { readOnce } from './source.ts';
import { findVirtualization } from './virtualization.ts';

/**
 * PRETTY_NAME of /etc/os-release (os-release(5)), quoted as in a shell.
 *
 *     PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
 */
export function parseOsRelease(text: string): string | null {
  const value = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(text)?.[1]?.trim().replace(/^(["'])(.*)\1$/, '$2').replace(/\\(["'$`\\])/g, '$1');
  return value('PRETTY_NAME') ?? ([value('NAME'), value('VERSION')].filter(Boolean).join(' ') || null);
}

/**
 * Name of the CPU in /proc/cpuinfo. ARM has no "model name"; boards say "Model" or "Hardware" at the end.
 *
 *     model name	: AMD EPYC
 */
export function parseCpuModel(cpuinfo: string): string | null {
  for (const key of ['model name', 'Model', 'Hardware', 'cpu model', 'cpu', 'uarch']) {
    const found = new RegExp(`^${key}\\s*: (.+)$`, 'm').exec(cpuinfo)?.[1]?.trim();
    if (found) return found.replace(/\((R|TM|r|tm)\)/g, '').replace(/\s+/g, ' ');
  }
  return null;
}

/** Words of the device tree end with NUL. */
const deviceTree = () => readOnce('/proc/device-tree/model')?.replace(/\0/g, '').trim() || null;

export function createLinuxSystem(exec: Exec): SystemDriver {
  return {
    hostname,
    async facts() {
      const cpuinfo = readOnce('/proc/cpuinfo', 64 << 10) ?? '';
      const stat = readOnce('/proc/stat', 64 << 10) ?? '';
      return {
        hostname: hostname(),
        os: parseOsRelease(readOnce('/etc/os-release') ?? readOnce('/usr/lib/os-release') ?? '') ?? 'Linux',
        kernel: release(),
        arch: process.arch,
        cpuModel: parseCpuModel(cpuinfo) ?? deviceTree() ?? process.arch,
        cores: parseStat(stat).cores.length || navigator.hardwareConcurrency,
        memory: totalmem(),
        bootedAt: parseBootTime(stat) ?? Date.now() - Math.round(uptime() * 1000),
        addresses: listAddresses(),
        virtualization: findVirtualization({ read: (path) => readOnce(path), exists: existsSync }),
        timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      };
    },
    rebootPending: () => rebootPending(exec),
  };
}
