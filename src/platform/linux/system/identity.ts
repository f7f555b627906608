import { hostname } from 'node:os';
import { listAddresses } from '../../addresses.ts';
import type { Exec } from '../../exec.ts';
import type { IdentityChange, IdentityDriver } from '../../identity.ts';
import { planOf, type FileChange } from '../../plan.ts';
import { hasSystemd } from '../../systemd.ts';
import { runSteps, showStep, step, type Step } from '../steps.ts';
import { readText, writeText } from '../text-file.ts';
import { noRoot } from './rights.ts';

/** machine-info(5): `PRETTY_HOSTNAME="Lin’s server"` */
export const parsePretty = (text: string) => /^PRETTY_HOSTNAME=(.*)$/m.exec(text)?.[1]?.trim().replace(/^(["'])(.*)\1$/, '$2').replace(/\\(["'$`\\])/g, '$1') || null;

/**
 * hosts(5) with the new name where the old one stood for this machine, also before a domain; other lines stay as they are.
 * A name that nothing leads to makes sudo and mail servers wait, so a line of its own is added where there is none.
 *
 *     127.0.1.1	old.example.org old
 */
export function renameInHosts(text: string, from: string, to: string, own: readonly string[]): string {
  let found = false;
  const lines = text.split('\n').map((line) => {
    const [, address = '', names = ''] = /^\s*([\da-fA-F.:]+)\s+([^#]*)/.exec(line) ?? [];
    if (!(address.startsWith('127.') || address === '::1' || own.includes(address))) return line;
    const rename = (name: string) => (name === from ? to : name.startsWith(`${from}.`) ? to + name.slice(from.length) : name);
    // That one is everybody's.
    const renamed = from === 'localhost' ? names : names.split(/(\s+)/).map(rename).join('');
    if (renamed.split(/\s+/).some((name) => name === to)) found = true;
    return line.replace(names, () => renamed);
  });
  const after = lines.join('\n');
  return found ? after : `${after}${after === '' || after.endsWith('\n') ? '' : '\n'}127.0.1.1\t${to}\n`;
}

export function createLinuxIdentity(exec: Exec): IdentityDriver {
  const systemd = () => hasSystemd() && exec.which('hostnamectl') !== undefined;
  const own = () => listAddresses().map(({ address }) => address);

  const read = async () => ({
    name: hostname(), written: readText('/etc/hostname')?.split('\n').find((line) => line.trim() && !line.startsWith('#'))?.trim() ?? null,
    pretty: parsePretty(readText('/etc/machine-info') ?? ''), hasPretty: systemd(), netbios: false,
  });

  async function work({ name, pretty }: IdentityChange): Promise<{ steps: Step[]; files: FileChange[] }> {
    const now = await read();
    const hosts = readText('/etc/hosts');
    const after = renameInHosts(hosts ?? '', now.name, name, own());
    const files: FileChange[] = after === (hosts ?? '') ? [] : [{ path: '/etc/hosts', before: hosts, after }];
    const renames = name !== now.name || name !== now.written;
    if (systemd()) {
      return {
        files: renames ? files : [],
        steps: [...(renames ? [step('hostnamectl', '--static', 'set-hostname', '--', name)] : []), ...(pretty !== (now.pretty ?? '') ? [step('hostnamectl', '--pretty', 'set-hostname', '--', pretty)] : [])],
      };
    }
    if (!renames) return { steps: [], files: [] };
    return { steps: [step('hostname', name)], files: [{ path: '/etc/hostname', before: readText('/etc/hostname'), after: `${name}\n` }, ...files] };
  }

  return {
    read,
    refusal: async () => noRoot(),
    async plan(change) {
      const { steps, files } = await work(change);
      return planOf(steps.map(showStep), files);
    },
    async apply(change) {
      const { steps, files } = await work(change);
      // The line of the new name first: for a moment both lead here, and never none.
      for (const { path, after } of files) await writeText(path, after);
      await runSteps(exec, steps);
    },
  };
}
