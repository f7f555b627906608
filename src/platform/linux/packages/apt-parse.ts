import type { PackageUpdate } from '../../packages.ts';

/** Names of Debian policy 5.6.1, with an architecture; never an option, and none that ends with a dash, which tells apt to remove it. */
export const PACKAGE_NAME = /^[a-z0-9]([a-z0-9+.-]*[a-z0-9+.])?(:[a-z0-9]+(-[a-z0-9]+)*)?$/;

export interface Inst {
  name: string;
  from: string | null;
  to: string;
  origin: string;
  arch: string;
}

/**
 * What `apt-get --simulate` would install (apt 1.0 to 3.0, LC_ALL=C). Without the brackets it is not there yet.
 *
 *     Inst bun-kernel [1.0] (1.1 Debian-Security:12/stable-security [amd64])
 *     Inst bun-new (1.0 Debian:12.9/stable, Debian-Security:12/stable-security [all]) []
 */
export const parseInst = (text: string): Inst[] =>
  [...text.matchAll(/^Inst (\S+) (?:\[(\S+)\] )?\((\S+) (.*?) ?\[([\w-]+)\]\)/gm)].map(([, name, from, to, origin, arch]) => ({ name: name!, from: from ?? null, to: to!, origin: origin!, arch: arch! }));

/** "Debian-Security:12/stable-security", "Ubuntu:24.04/noble-security", "UbuntuESM:…". */
export const isSecurity = (origin: string) => /\b(Debian-Security|UbuntuESM\w*):|[-/](security|infra-security|apps-security)(,|\s|$)|-security(,|\s|$)/.test(origin);

/** `'http://…/x_1.1_all.deb' x_1.1_all.deb 816 SHA256:…` of `--print-uris`: name of the package → bytes. */
export const parseUris = (text: string): Map<string, number> =>
  new Map([...text.matchAll(/^'[^']*' ([^_\s]+)_\S+ (\d+)/gm)].map(([, name, size]) => [name!, Number(size)]));

/**
 * `all`: with those that are held, as `dist-upgrade --ignore-hold` would do it; `now`: what is installed with the others.
 * Security first, then by name.
 */
export function updatesOf(all: string, now: string, uris: string, held: readonly string[]): { updates: PackageUpdate[]; fresh: string[] } {
  const [whole, applied, sizes] = [parseInst(all), new Set(parseInst(now).map(({ name }) => name)), parseUris(uris)];
  const isHeld = (name: string) => held.includes(name) || held.includes(name.replace(/:.*/, ''));
  const updates = whole.flatMap(({ from, ...each }): PackageUpdate[] =>
    from === null ? [] : [{ ...each, title: null, from, security: isSecurity(each.origin), size: sizes.get(each.name) ?? null, stays: isHeld(each.name) ? 'held' : applied.has(each.name) ? null : 'kept' }],
  );
  return {
    updates: updates.sort((a, b) => Number(b.security) - Number(a.security) || (a.name < b.name ? -1 : 1)),
    fresh: parseInst(now).filter(({ from }) => from === null).map(({ name }) => name),
  };
}

/**
 * `apt-config dump APT::Periodic`: is what is newer installed by itself?
 *
 *     APT::Periodic::Update-Package-Lists "1";
 *     APT::Periodic::Unattended-Upgrade "1";
 */
export const automaticOn = (dump: string) => {
  const of = (name: string, otherwise: string) => new RegExp(`^APT::Periodic::${name} "([^"]*)";`, 'm').exec(dump)?.[1] ?? otherwise;
  return of('Enable', '1') !== '0' && !['0', '', 'false'].includes(of('Unattended-Upgrade', '0'));
};

/** apt.conf(5): the two that the distribution's own dialog writes; other lines stay. */
export function withAutomatic(text: string | null, to: boolean): string {
  const value = to ? '1' : '0';
  let after = text ?? '';
  for (const name of ['Update-Package-Lists', 'Unattended-Upgrade']) {
    // Lists that are fetched by themselves stay so.
    if (!to && name === 'Update-Package-Lists') continue;
    const line = `APT::Periodic::${name} "${value}";`;
    const there = new RegExp(`^\\s*APT::Periodic::${name}\\b.*$`, 'm');
    after = there.test(after) ? after.replace(there, line) : `${after}${after === '' || after.endsWith('\n') ? '' : '\n'}${line}\n`;
  }
  return after;
}
