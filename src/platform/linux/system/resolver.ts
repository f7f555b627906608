import { realpathSync } from 'node:fs';
import { AppError, type Say } from '../../../lib/errors.ts';
import type { Exec } from '../../exec.ts';
import { planOf, type FileChange } from '../../plan.ts';
import type { Resolver, ResolverChange, ResolverDriver } from '../../resolver.ts';
import { runSteps, showStep, step, type Step } from '../steps.ts';
import { readText, writeText } from '../text-file.ts';
import { noRoot } from './rights.ts';

const PATH = '/etc/resolv.conf';
/** The one of systemd-resolved with those that it really asks; the other says 127.0.0.53. */
const UPSTREAM = '/run/systemd/resolve/resolv.conf';
const DROP_IN = '/etc/systemd/resolved.conf.d/50-mantou.conf';

/** resolv.conf(5) */
export function parseResolv(text: string): Pick<Resolver, 'servers' | 'search'> {
  const words = (key: string) => [...text.matchAll(new RegExp(`^\\s*${key}\\s+(.+)$`, 'gm'))].map(([, rest]) => rest!.replace(/\s[#;].*$/, '').trim());
  return { servers: words('nameserver'), search: (words('search').at(-1) ?? words('domain').at(-1) ?? '').split(/\s+/).filter(Boolean) };
}

/** The same file with other servers and another search list; options and remarks stay. */
export function withResolver(text: string, { servers, search }: ResolverChange): string {
  const kept = text.split('\n').filter((line) => !/^\s*(nameserver|search|domain)\s/.test(line)).join('\n').replace(/\n+$/, '');
  return `${kept ? `${kept}\n` : ''}${servers.map((one) => `nameserver ${one}\n`).join('')}${search.length ? `search ${search.join(' ')}\n` : ''}`;
}

/** resolved.conf(5): lists of several files are added up, and an empty one takes away what stood before it. */
export const resolvedSettings = ({ servers, search }: ResolverChange) =>
  `[Resolve]\nDNS=\n${servers.length ? `DNS=${servers.join(' ')}\n` : ''}Domains=\n${search.length ? `Domains=${search.join(' ')}\n` : ''}`;

/** Who says that a file is his: the first lines of it do. */
export function ownerOf(real: string, text: string, mounted: boolean): Pick<Resolver, 'owner' | 'by'> {
  const by = (owner: Resolver['owner'], name: string | null = null) => ({ owner, by: name });
  if (mounted) return by('container');
  if (real.startsWith('/run/systemd/resolve/') || real.startsWith('/usr/lib/systemd/resolv')) return by('systemd-resolved');
  if (real.startsWith('/run/NetworkManager/') || /^#.*\bNetworkManager\b/m.test(text)) return by('NetworkManager');
  if (/\/resolvconf\//.test(real) || /^#.*\bresolvconf\b/m.test(text)) return by('resolvconf');
  const other = /^#.*\b(dhcpcd|dhclient|connman|netconfig|cloud-init|WSL|tailscale)\b/im.exec(text)?.[1];
  return other ? by('other', other) : by('file');
}

/** proc_pid_mountinfo(5), the fifth word: containers have files of their own from outside. */
const isMounted = (path: string) => (readText('/proc/self/mountinfo') ?? '').split('\n').some((line) => line.split(' ')[4] === path);

export function createLinuxResolver(exec: Exec): ResolverDriver {
  async function read(): Promise<Resolver> {
    const text = readText(PATH) ?? '';
    let real = PATH;
    try {
      real = realpathSync(PATH);
    } catch {
      // Not there: then it is written.
    }
    const owner = ownerOf(real, text, isMounted(PATH));
    return { ...owner, path: PATH, links: null, ...parseResolv(owner.owner === 'systemd-resolved' ? (readText(UPSTREAM) ?? text) : text) };
  }
  const work = async (change: ResolverChange): Promise<{ steps: Step[]; files: FileChange[] }> => {
    const { owner } = await read();
    if (owner === 'systemd-resolved') {
      const after = resolvedSettings(change);
      return { steps: [step('systemctl', 'restart', 'systemd-resolved')], files: [{ path: DROP_IN, before: readText(DROP_IN), after }] };
    }
    const before = readText(PATH);
    return { steps: [], files: [{ path: PATH, before, after: withResolver(before ?? '', change) }] };
  };
  const refusal = async (): Promise<Say | null> => {
    const { owner, by } = await read();
    if (owner !== 'file' && owner !== 'systemd-resolved') return (t) => t.system.resolver.away[owner]({ by: by ?? '' });
    return noRoot();
  };
  return {
    read,
    refusal,
    async plan(change) {
      const { steps, files } = await work(change);
      return planOf(steps.map(showStep), files);
    },
    async apply(change) {
      const why = await refusal();
      if (why) throw new AppError('unsupported', why);
      const { steps, files } = await work(change);
      for (const { path, after } of files) await writeText(path, after);
      await runSteps(exec, steps);
    },
  };
}
