import { networkInterfaces } from 'node:os';
import type { Exec } from '../../exec.ts';
import type { ExposureDriver, ExposureLook, NetworkInterface, RuleTexts } from '../../exposure.ts';
import { readOnce } from '../source.ts';
import { interfacesOf, parseBound, parseInterfaces } from './parse.ts';

/** A machine with thousands of rules takes a moment; a page does not wait longer. */
const READ_MS = 4000;
const RULES_MOST = 32 << 20;

class Failed extends Error {}

/** Reads, and changes nothing: the tools' own words, which core/exposure understands. */
export function createLinuxExposure(exec: Exec, isRoot = () => process.getuid?.() === 0): ExposureDriver {
  /** null: it is not here. @throws Failed */
  const said = async (tool: string, ...args: string[]) => {
    const path = exec.which(tool);
    if (!path) return null;
    const { code, stdout, stderr, ended, truncated } = await exec.run([path, ...args], { timeout: READ_MS, cap: RULES_MOST });
    if (code !== 0 || ended || truncated) throw new Failed(`${tool}: ${ended ?? (truncated ? 'too much' : stderr.trim().split('\n').slice(-3).join('\n'))}`);
    return stdout;
  };
  const orNull = (asked: Promise<string | null>) => asked.catch((error: unknown) => {
    if (error instanceof Failed) return null;
    throw error;
  });

  async function iptables(): Promise<RuleTexts['iptables']> {
    const all = await Promise.all(([[4, 'iptables-save'], [6, 'ip6tables-save']] as const).map(async ([family, tool]) => ({ family, text: await said(tool) })));
    // Rules of the older kind, beside those that the tool of today writes.
    const older = (readOnce('/proc/net/ip_tables_names') || readOnce('/proc/net/ip6_tables_names')) && all.some(({ text }) => text?.includes('(nf_tables)'));
    const more = older ? await Promise.all(([[4, 'iptables-legacy-save'], [6, 'ip6tables-legacy-save']] as const).map(async ([family, tool]) => ({ family, text: await said(tool) }))) : [];
    return [...all, ...more].flatMap(({ family, text }) => (text === null ? [] : [{ family, text }]));
  }

  async function rules(wording: boolean): Promise<ExposureLook['rules']> {
    if (!isRoot()) return { unknown: 'root' };
    try {
      const [tables, json, listing] = await Promise.all([iptables(), said('nft', '-j', 'list', 'ruleset'), wording ? orNull(said('nft', '-a', '-t', 'list', 'ruleset')) : null]);
      // firewalld writes for nftables, which nothing but nft shows; and without any tool only a kernel that has no filter is sure to have no rules.
      if (json === null && (exec.which('firewall-cmd') || (tables.length === 0 && mayFilter()))) return { unknown: 'tools' };
      return { iptables: tables, nft: json === null ? null : { json, listing: listing ?? '' } };
    } catch (error) {
      if (error instanceof Failed) return { unknown: 'failed', detail: error.message };
      throw error;
    }
  }

  /** Bun's `networkInterfaces()` leaves out what has no carrier, such as a bridge without containers; it is for machines without iproute2. */
  async function interfaces(): Promise<NetworkInterface[]> {
    const text = await orNull(said('ip', '-j', 'addr', 'show', 'up'));
    return (text === null ? null : parseInterfaces(text)) ?? interfacesOf(networkInterfaces());
  }

  return {
    async look({ wording = true, bound = true } = {}) {
      const [found, here, sockets] = await Promise.all([rules(wording), interfaces(), bound ? orNull(said('ss', '-Hltune')) : null]);
      return { rules: found, interfaces: here, bound: sockets === null ? null : parseBound(sockets) };
    },
  };
}

/** Is there anything in the kernel that could hold rules? One without modules does not tell. */
function mayFilter(): boolean {
  const modules = readOnce('/proc/modules', 1 << 17);
  return !modules || /^(nf_tables|ip_tables|ip6_tables) /m.test(modules) || Boolean(readOnce('/proc/net/ip_tables_names') || readOnce('/proc/net/ip6_tables_names'));
}
