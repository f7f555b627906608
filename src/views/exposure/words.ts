import type { ExposedPort, Level, ReachLine } from '../../core/exposure/port.ts';
import type { IconName } from '../parts/icon.tsx';
import type { Ui } from '../ui.ts';

export const LEVEL_ICONS: Record<Level, IconName> = { danger: 'alert', warn: 'warning', unknown: 'info', open: 'globe', meant: 'check', some: 'users', closed: 'shield', machine: 'lock' };
export const LEVEL_TONES: Record<Level, 'danger' | 'warn' | 'ok' | undefined> = { danger: 'danger', warn: 'warn', unknown: 'warn', open: 'warn', meant: undefined, some: 'ok', closed: 'ok', machine: 'ok' };

/** "6379/tcp" is a port, "6379" one of TCP. */
export const portWord = ({ port, protocol }: Pick<ExposedPort, 'port' | 'protocol'>) => `${port}/${protocol}`;

/** Where it listens. */
export function boundWord(ui: Ui, { addresses, families, device, scope }: ExposedPort): string {
  const t = ui.t.exposure;
  const any = addresses.some((one) => one === '0.0.0.0' || one === '::' || one === '');
  const where = scope === 'everywhere' && any ? (families.length > 1 ? t.everywhere : families[0] === 4 ? t.everywhere4 : t.everywhere6) : ui.fmt.list(addresses);
  return [where, device ? t.device({ name: device }) : ''].filter(Boolean).join(' · ');
}

/** What it is: the program, or the container that stands behind it. */
export const nameWord = (ui: Ui, { container, process, service, how, to }: ExposedPort): string =>
  container?.name ?? process?.name ?? (how === 'forwarded' && to ? `${to.to}:${to.port}` : (service ?? ui.t.exposure.nobodyKnown));

export function howWord(ui: Ui, { how, container, to }: ExposedPort): string {
  const t = ui.t.exposure.hows;
  if (how === 'program' && container) return t.hostNetwork;
  if (how === 'published') return t.published({ port: String(container?.port ?? '') });
  return how === 'forwarded' ? t.forwarded({ to: `${to?.to}:${to?.port}` }) : t[how];
}

export interface WhoLine {
  text: string;
  /** "IPv4", "IPv4 and IPv6"; '' where there is nothing to tell apart. */
  families: string;
  lines: ReachLine[];
}

/** Who reaches it, in words: the same by IPv4 and IPv6 once. */
export function whoLines(ui: Ui, port: Pick<ExposedPort, 'scope' | 'reach'>, unread: boolean): WhoLine[] {
  const t = ui.t.exposure.whos;
  if (port.reach.length === 0) return [{ text: port.scope === 'machine' || port.scope === 'inside' ? t[port.scope] : t.noAddress, families: '', lines: [] }];
  const found = new Map<string, ReachLine[]>();
  for (const line of port.reach) {
    const text = lineWord(ui, line, unread);
    found.set(text, [...(found.get(text) ?? []), line]);
  }
  const apart = found.size > 1;
  return [...found].map(([text, lines]) => ({ text, lines, families: apart || lines.length === 1 ? ui.fmt.list([...new Set(lines.map(({ family }) => t.family({ family })))]) : '' }));
}

function lineWord(ui: Ui, line: ReachLine, unread: boolean): string {
  const t = ui.t.exposure.whos;
  const listed = line.more && line.networks.length ? t.andMore({ networks: ui.fmt.list(line.networks) }) : ui.fmt.list(line.networks);
  const who = line.neighbours && line.verdict !== 'closed' ? t.neighbours
    : line.verdict === 'open' ? (listed ? t.everyoneBut({ networks: listed }) : t.everyone)
    : line.verdict === 'some' ? (listed ? t.some({ networks: listed }) : t.somebody)
    : line.verdict === 'unknown' && unread ? t.unread : t[line.verdict];
  const names = line.interfaces.length ? t.by({ names: ui.fmt.list(line.interfaces) }) : '';
  const door = line.door === null ? '' : t.door({ port: String(line.door) });
  return [who, line.limited ? t.limited : '', names, door].filter(Boolean).join(' · ');
}

export type Gate = 'none' | 'windows' | 'ufw' | 'firewalld' | 'docker' | 'nftables' | 'iptables' | 'unknown';

/** Whose rules decide, for the picture. */
export function gateOf({ reach, verdict }: ExposedPort, filtered: boolean): Gate {
  const all = reach.flatMap(({ reasons, doubts }) => [...reasons, ...doubts]);
  const chains = all.map(({ chain }) => chain);
  if (chains.some((chain) => chain.startsWith('DOCKER'))) return 'docker';
  if (chains.some((chain) => /^ufw6?-/.test(chain))) return 'ufw';
  if (all.some(({ table }) => table === 'NetSecurity')) return 'windows';
  if (all.some(({ table }) => table === 'inet firewalld')) return 'firewalld';
  if (all.some(({ table }) => table.includes(' '))) return 'nftables';
  if (all.length > 0) return 'iptables';
  return verdict === 'unknown' ? 'unknown' : filtered && verdict === 'closed' ? 'iptables' : 'none';
}

export function shortWord(ui: Ui, { reach, verdict }: ExposedPort): string {
  const t = ui.t.exposure.short;
  const limited = reach.some((line) => line.limited) ? ` · ${t.limited}` : '';
  return { open: t.everyone, some: t.some, closed: t.nobody, unknown: t.unknown }[verdict] + limited;
}
