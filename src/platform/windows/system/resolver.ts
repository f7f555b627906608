import { isIPv6 } from 'node:net';
import { AppError } from '../../../lib/errors.ts';
import type { RegistryDriver } from '../../registry.ts';
import type { Resolver, ResolverChange, ResolverDriver, ResolverLink } from '../../resolver.ts';
import type { PowerShell } from '../powershell/powershell.ts';
import { quoted } from '../powershell/quoted.ts';
import { planner, type Deed } from './change.ts';
import { askNetwork, isUp } from './interfaces.ts';
import { readText } from './registry-text.ts';
import { noRights } from './rights.ts';

const SERVICES = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services';
const TCPIP = `${SERVICES}\\Tcpip\\Parameters`;
const POLICY = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\Windows NT\\DNSClient';
const LOOPBACK = 24;

/** `1.1.1.1,9.9.9.9`; older versions put blanks between. */
const words = (text: string | null) => (text ?? '').split(/[\s,]+/).filter(Boolean);

/** Where an interface has none for IPv6 Windows names these three, which nobody has (RFC 3879 did away with such addresses). */
const isMadeUp = (server: string) => /^fec0:0:0:ffff::[123](%\d+)?$/i.test(server);

/** Each interface of Windows has servers of its own, from DHCP or by hand; the list of domains is one for all. */
export function createWindowsResolver(registry: RegistryDriver, shell: PowerShell): ResolverDriver {
  async function read(): Promise<Resolver & { links: ResolverLink[] }> {
    const { interfaces } = await askNetwork(shell);
    const links = await Promise.all(interfaces.filter(({ kind }) => kind !== LOOPBACK).map(async ({ index, id, name, status, servers }): Promise<ResolverLink> => {
      const set = await Promise.all(['Tcpip', 'Tcpip6'].map((part) => readText(registry, `${SERVICES}\\${part}\\Parameters\\Interfaces\\${id}`, 'NameServer')));
      return { id: index, name, up: isUp(status), servers: servers.filter((one) => !isMadeUp(one)), fixed: set.flatMap(words) };
    }));
    const search = await readText(registry, POLICY, 'SearchList') ?? await readText(registry, TCPIP, 'SearchList');
    return { owner: 'windows', by: null, path: TCPIP, servers: [...new Set(links.filter(({ up }) => up).flatMap(({ servers }) => servers))], search: words(search), links };
  }

  async function deeds({ link: id, servers, search }: ResolverChange): Promise<Deed<'network.ps1'>[]> {
    const now = await read();
    const link = now.links.find((one) => one.id === id);
    if (!link) throw new AppError('invalid', (t) => t.system.resolver.noLink, { field: 'link' });
    const domains = search.join(' ') !== now.search.join(' ');
    if (domains && (await readText(registry, POLICY, 'SearchList')) !== null) throw new AppError('unsupported', (t) => t.system.resolver.ruled);
    return [...(servers.join(' ') === link.fixed.join(' ') ? [] : [serversDeed(link, servers)]), ...(domains ? [searchDeed(search)] : [])];
  }

  return { read, ...planner(shell, 'network.ps1', () => noRights(shell), deeds) };
}

/** Those of one version of IP are replaced by those that are given; what was set of the other has to be taken away before. */
function serversDeed({ id, fixed }: ResolverLink, addresses: readonly string[]): Deed<'network.ps1'> {
  const reset = addresses.length === 0 || fixed.some((one) => !addresses.some((each) => isIPv6(each) === isIPv6(one)));
  const command = `Set-DnsClientServerAddress -InterfaceIndex ${id}`;
  return {
    verb: 'servers', given: { index: id, reset, addresses },
    commands: [...(reset ? [`${command} -ResetServerAddresses`] : []), ...(addresses.length ? [`${command} -ServerAddresses ${addresses.map(quoted).join(', ')}`] : [])],
  };
}

const searchDeed = (domains: readonly string[]): Deed<'network.ps1'> => ({ verb: 'search', given: { domains }, commands: [`Set-DnsClientGlobalSetting -SuffixSearchList @(${domains.map(quoted).join(', ')})`] });
