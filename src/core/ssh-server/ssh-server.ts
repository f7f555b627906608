import { AppError } from '../../lib/errors.ts';
import { hashOf } from '../../lib/text-hash.ts';
import type { AccountSystem } from '../../platform/accounts.ts';
import type { SshServerAway, SshServerFound } from '../../platform/ssh-server.ts';
import { readLines, type ConfigLine } from '../../platform/ssh-server/config.ts';
import { KEYWORDS, settingsOf, type SshField, type SshSettings } from '../../platform/ssh-server/settings.ts';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';

export { FORWARDINGS, KEYWORDS, linesOf, ROOT_LOGINS } from '../../platform/ssh-server/settings.ts';

export interface SshServer {
  found: SshServerFound;
  settings: SshSettings;
  system: AccountSystem;
  /** A new port is opened in the firewall by the change itself. */
  opensPorts: boolean;
  /** What can be set on this system. */
  fields: readonly SshField[];
  /** The file that the panel writes to. */
  written: string;
  /** Where each setting comes from; none: sshd's own default. */
  sources: Partial<Record<SshField, { file: string; line: number }[]>>;
  /** Blocks that change settings for some connections. */
  matches: { file: string; line: number; text: string }[];
  /** Whom sshd lets in at all, as the files say it. */
  lists: { keyword: string; values: string[] }[];
  /** Of all texts: what was looked at is what is changed. */
  hash: string;
}

/** @returns why not, where there is nothing to set. @throws AppError denied, unavailable when sshd refuses its own configuration */
export async function readSshServer(app: App, actor: Actor): Promise<SshServer | SshServerAway> {
  need(actor, 'ssh_server.read');
  const found = await app.host.sshServer.read();
  if (typeof found === 'string') return found;
  if (!found.effective) throw new AppError('unavailable', (t) => t.sshServer.broken, { detail: found.fault });
  const { layout, fields, opensPorts } = app.host.sshServer;
  const lines = readLines(found.texts, layout);
  const { effective } = found;
  return {
    found, fields, opensPorts, system: app.host.accounts.system, written: layout.own?.file ?? layout.main, settings: settingsOf(effective, lines), sources: Object.fromEntries(fields.map((field) => [field, sourcesOf(lines, field)])),
    matches: lines.filter(({ keyword }) => keyword === 'match').map(({ file, line, args }) => ({ file, line, text: args.join(' ') })),
    lists: ['AllowUsers', 'AllowGroups', 'DenyUsers', 'DenyGroups'].filter((keyword) => !fields.some((field) => KEYWORDS[field] === keyword)).flatMap((keyword) => {
      const values = (effective.get(keyword.toLowerCase()) ?? []).flatMap((value) => value.split(' ')).filter(Boolean);
      return values.length ? [{ keyword, values }] : [];
    }),
    hash: hashOf(JSON.stringify([...found.texts])),
  };
}

/** @throws AppError unsupported where there is nothing to set */
export async function needSshServer(app: App, actor: Actor): Promise<SshServer> {
  const server = await readSshServer(app, actor);
  if (typeof server === 'string') throw new AppError('unsupported', (t) => t.sshServer.away[server].text);
  return server;
}

/** The lines that count: all of them for ports, addresses and groups, the first of everything else. */
function sourcesOf(lines: readonly ConfigLine[], field: SshField) {
  const found = lines.filter(({ keyword, match }) => keyword === KEYWORDS[field].toLowerCase() && !match);
  return (field === 'ports' || field === 'listenAddresses' || field === 'allowGroups' ? found : found.slice(0, 1)).map(({ file, line }) => ({ file, line }));
}
