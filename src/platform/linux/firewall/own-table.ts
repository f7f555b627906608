import type { FirewallPlan, FirewallStep } from '../../firewall.ts';
import { commandOf, fileUndo, needTool } from './plan.ts';
import type { Surroundings } from './provider.ts';

const UNIT = 'mantou-firewall.service';
const UNIT_FILE = `/etc/systemd/system/${UNIT}`;
const BESIDE_FILE = '/etc/systemd/system/nftables.service.d/mantou.conf';
const WANTED = `/etc/systemd/system/sysinit.target.wants/${UNIT}`;
export const FILTER_FILE = '/etc/mantou/firewall.nft';
export const FORWARD_FILE = '/etc/mantou/forwards.nft';
export const PUBLISHED_FILE = '/etc/mantou/published.nft';
const FILES = [FILTER_FILE, FORWARD_FILE, PUBLISHED_FILE];

const loads = (when: 'ExecStart' | 'ExecReload', nft: string) => FILES.map((file) => `${when}=-${nft} -f ${file}`).join('\n');

/** Loads our tables before the network is up. */
const unitText = (nft: string) => `[Unit]
Description=Firewall tables of Mantou
DefaultDependencies=no
Wants=network-pre.target
Before=network-pre.target shutdown.target
Conflicts=shutdown.target
After=nftables.service

[Service]
Type=oneshot
RemainAfterExit=yes
${loads('ExecStart', nft)}

[Install]
WantedBy=sysinit.target
`;

/** The distribution's own service begins with `flush ruleset`, whenever it is started or reloaded: ours come after it. */
const besideText = (nft: string) => `[Service]
${loads('ExecStart', nft)}
${loads('ExecReload', nft)}
`;

/** A table of ours: the one in the kernel, and the file that it comes from after a boot. */
export interface OwnTable {
  /** "inet mantou" */
  name: string;
  file: string;
}

/** In one transaction: what is there is gone, and this is there. */
const document = (table: OwnTable, body: string) => `#!/usr/sbin/nft -f\n# Written by Mantou, which reads the table from the kernel: changes here are lost.\ntable ${table.name}\ndelete table ${table.name}\n${body}`;

export const bootLoads = ({ read, isThere }: Surroundings) => read(UNIT_FILE) !== null && isThere(WANTED);

/**
 * The table shall read `body`, now and after each boot; null: it shall not be there.
 * @param before as it is now; null: it is not there
 * @param changes lines that come and go, for people: the whole file is nothing to read
 */
export function tablePlan(around: Surroundings, table: OwnTable, before: string | null, body: string | null, changes: readonly string[]): { steps: FirewallPlan['steps']; commands: string[] } {
  const nft = needTool(around.exec, 'nft');
  const path = around.path(table.file);
  const gone: FirewallStep = { run: [nft, '-f', '-'], stdin: `table ${table.name}\ndelete table ${table.name}\n` };
  const restore: FirewallStep = before === null ? gone : { run: [nft, '-f', '-'], stdin: document(table, before) };
  const text = body === null ? null : document(table, body);
  const rest = [{ does: text === null ? gone : ({ run: [nft, '-f', table.file] } satisfies FirewallStep), undo: [restore] }, ...boot(around, nft)];
  return {
    steps: [{ does: { file: path, content: text }, undo: [fileUndo(path)] }, ...rest],
    commands: [text === null ? `rm -f ${table.file}` : [`# ${table.file}`, ...changes].join('\n'), ...rest.map(({ does }) => commandOf(does))],
  };
}

function boot(around: Surroundings, nft: string): FirewallPlan['steps'] {
  const systemctl = around.exec.which('systemctl');
  if (!systemctl) return [];
  const files = [[UNIT_FILE, unitText(nft)], [BESIDE_FILE, besideText(nft)]] as const;
  const stale = files.filter(([path, text]) => around.read(path) !== text);
  if (stale.length === 0 && bootLoads(around)) return [];
  return [
    ...stale.map(([path, content]) => ({ does: { file: around.path(path), content }, undo: [] })),
    { does: { run: [systemctl, 'daemon-reload'] }, undo: [] },
    { does: { run: [systemctl, 'enable', UNIT] }, undo: [] },
  ];
}
