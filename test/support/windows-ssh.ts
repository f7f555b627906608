import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HostAccount } from '../../src/platform/accounts.ts';
import type { Exec } from '../../src/platform/exec.ts';
import { NO_REGISTRY } from '../../src/platform/portable/registry.ts';
import { REG, type RegistryDriver } from '../../src/platform/registry.ts';
import { parseLine } from '../../src/platform/ssh-server/config.ts';
import { createWindowsAccounts } from '../../src/platform/windows/accounts/accounts.ts';
import { createWindowsKeys } from '../../src/platform/windows/accounts/keys.ts';
import { HeldError, type HeldFolder } from '../../src/platform/windows/held-folder.ts';
import type { PowerShell } from '../../src/platform/windows/powershell/powershell.ts';
import type { SshFolder } from '../../src/platform/windows/ssh-server/files.ts';
import { createWindowsSshServer, keysFileIn } from '../../src/platform/windows/ssh-server/ssh-server.ts';

/**
 * A Windows with OpenSSH Server. Not captured, there being no Windows at hand: the configuration is that of
 * contrib/win32/openssh/sshd_config in PowerShell/openssh-portable without most of its comments, and what sshd says is as servconf.c
 * prints it; the rest stands as learn.microsoft.com describes it ("OpenSSH Server configuration for Windows", "Key-based authentication").
 */
export const PROGRAM_DATA = 'C:\\ProgramData';
export const SSH = `${PROGRAM_DATA}\\ssh`;
export const CONFIG = `${SSH}\\sshd_config`;
export const SHARED_KEYS = `${SSH}\\administrators_authorized_keys`;
export const SHIPPED = [
  '# This is the sshd server system-wide configuration file.  See', '# sshd_config(5) for more information.', '', '#Port 22', '#ListenAddress 0.0.0.0', '', '#PubkeyAuthentication yes', 'AuthorizedKeysFile\t.ssh/authorized_keys', '',
  '#PasswordAuthentication yes', 'Subsystem\tsftp\tsftp-server.exe', '', 'Match Group administrators', '       AuthorizedKeysFile __PROGRAMDATA__/ssh/administrators_authorized_keys', '',
].join('\r\n');
const MACHINE = 'S-1-5-21-1004336348-1177238915-682003330';
export const LIN = `${MACHINE}-1001`;
export const SSH_RIGHTS = 'O:BAD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;AU)';
const HOST_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJb0SBzWxW9jVgI2bn0oUsvO0U5SJ5LuvJmTZPO0Gz3x\r\n';

const KNOWN = /^(port|listenaddress|passwordauthentication|pubkeyauthentication|allowtcpforwarding|maxauthtries|allowgroups|allowusers|authorizedkeysfile|subsystem|match|include|x11forwarding)$/;
const DEFAULTS: readonly (readonly [string, string])[] = [
  ['permitrootlogin', 'prohibit-password'], ['passwordauthentication', 'yes'], ['pubkeyauthentication', 'yes'], ['kbdinteractiveauthentication', 'yes'], ['allowtcpforwarding', 'yes'], ['x11forwarding', 'no'], ['maxauthtries', '6'],
];

export interface WindowsSsh {
  /** Of Windows Server 2019 with its comments, or none: the service has not run. */
  config?: string | null;
  installed?: boolean;
  elevated?: boolean;
  running?: boolean;
  /** Owner and rights of the folder. */
  rights?: string;
  /** Programs that fail: "start". */
  refuse?: string[];
  chinese?: boolean;
  image?: string;
}

/** A file or folder in memory; `link`: a junction or a symbolic link, `denied`: not for the panel. */
interface Node { rights: string; link?: boolean; denied?: boolean; bytes?: Uint8Array; links?: number; children?: Map<string, Node> }
export const folderNode = (rights = SSH_RIGHTS): Node => ({ rights, children: new Map() });
export const fileNode = (text: string | Uint8Array, more: Partial<Node> = {}): Node => ({ rights: SSH_RIGHTS, bytes: typeof text === 'string' ? new TextEncoder().encode(text) : text, links: 1, ...more });

export function createWindowsSsh({ config = SHIPPED, installed = true, elevated = true, running = true, rights = SSH_RIGHTS, refuse = [], chinese = false, image = 'C:\\Windows\\System32\\OpenSSH\\sshd.exe' }: WindowsSsh = {}) {
  const scratch = mkdtempSync(join(tmpdir(), 'mantou-windows-ssh-'));
  const root = folderNode();
  const ran: string[] = [];
  /** Files and folders of the server that were looked into. */
  const looked: string[] = [];
  const state = { service: running ? 4 : 1, port: '22' };
  const rules = new Set<string>();
  const parts = (path: string) => path.toLowerCase().split('\\');

  const nodeAt = (path: string) => parts(path).reduce<Node | undefined>((node, part) => node?.children?.get(part), root);
  function put(path: string, node: Node) {
    const names = parts(path);
    const last = names.pop()!;
    const parent = names.reduce((at, name) => {
      if (!at.children!.has(name)) at.children!.set(name, folderNode());
      return at.children!.get(name)!;
    }, root);
    parent.children!.set(last, node);
  }
  const text = (path: string) => {
    const node = nodeAt(path);
    return node?.bytes ? new TextDecoder().decode(node.bytes) : null;
  };
  if (config !== null) {
    put(SSH, folderNode(rights));
    put(CONFIG, fileNode(config));
    put(`${SSH}\\ssh_host_ed25519_key.pub`, fileNode(HOST_KEY));
  }
  put('C:\\Users\\lin', folderNode());

  const folder: SshFolder = {
    read(path) {
      looked.push(path);
      return text(path);
    },
    size: (path) => nodeAt(path)?.bytes?.length ?? 0,
    names(path) {
      looked.push(path);
      return [...(nodeAt(path)?.children?.keys() ?? [])];
    },
    others: (path) => ((nodeAt(path)?.rights ?? SSH_RIGHTS) === SSH_RIGHTS ? [] : ['BU']),
    write: (path, after) => (after === null ? void nodeAt(path.slice(0, path.lastIndexOf('\\')))?.children?.delete(path.slice(path.lastIndexOf('\\') + 1).toLowerCase()) : put(path, fileNode(after))),
  };

  /** As ntdll answers: a folder at a path, and what is in it by names alone. */
  function held(node: Node | undefined, name: string, kind: 'folder' | 'file'): Node {
    if (!node) throw new HeldError('missing', name, 0xc000_0034);
    if (node.denied) throw new HeldError('denied', name, 0xc000_0022);
    if (node.link || (kind === 'folder') !== (node.children !== undefined)) throw new HeldError('link', name, 0);
    return node;
  }
  const open = { folders: 0 };
  function hold(node: Node): HeldFolder {
    open.folders++;
    return {
      rights: () => node.rights,
      folder: (name) => hold(held(node.children!.get(name), name, 'folder')),
      makeFolder(name, given) {
        if (node.children!.has(name)) throw new HeldError('other', name, 0xc000_0035);
        const made = folderNode(given);
        node.children!.set(name, made);
        return hold(made);
      },
      read(name, most) {
        const { bytes, rights: found, links } = held(node.children!.get(name), name, 'file');
        if (bytes!.length > most) throw new HeldError('link', name, 0);
        return { bytes: bytes!, rights: found, links: links! };
      },
      write: (name, bytes, given) => void node.children!.set(name, { bytes, rights: given, links: 1 }),
      close: () => void open.folders--,
    };
  }

  const registry: RegistryDriver = {
    ...NO_REGISTRY, refusal: () => null,
    async read({ path }) {
      const value = (name: string, said: string, type: number) => ({ name, type, bytes: Uint8Array.from(Buffer.from(`${said}\0`, 'utf16le')) });
      if (path.endsWith('\\Services\\sshd')) return installed ? { keys: [], values: [value('ImagePath', image, REG.expand)], writtenAt: null } : null;
      if (path.endsWith('\\FirewallRules')) return { keys: [], values: [...rules].map((port) => value(`{${port}}`, `v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=${port}|Name=Mantou-SSH-${port}|`, REG.sz)), writtenAt: null };
      return null;
    },
  };

  function sshd(argv: readonly string[]): { code: number; stdout: string; stderr: string } {
    const lines: { keyword: string; args: string[]; match: boolean }[] = [];
    const faults: string[] = [];
    const visit = (file: string) => {
      let match = false;
      for (const [i, line] of readFileSync(file, 'utf8').split('\n').entries()) {
        const parsed = parseLine(line);
        if (!parsed) continue;
        if (parsed.keyword === 'match') match = true;
        if (!KNOWN.test(parsed.keyword)) faults.push(`${file}: line ${i + 1}: Bad configuration option: ${parsed.keyword}`);
        if (/^(password|pubkey)authentication$/.test(parsed.keyword) && !/^(yes|no)$/.test(parsed.args[0] ?? '')) faults.push(`${file} line ${i + 1}: unsupported option "${parsed.args[0]}".`);
        if (parsed.keyword === 'include') for (const path of parsed.args) if (existsSync(path)) visit(path);
        lines.push({ ...parsed, match });
      }
    };
    const main = argv.at(-1)!;
    visit(main);
    if (faults.length) return { code: 255, stdout: '', stderr: `${faults.join('\r\n')}\r\n` };
    if (argv[1] === '-t') return { code: 0, stdout: '', stderr: '' };
    // OpenSSH 8.1, as Windows Server 2022 has it.
    if (lines.some(({ match }) => match)) return { code: 255, stdout: '', stderr: "'Match Group' in configuration but 'user' not in connection test specification.\r\n" };
    const of = (keyword: string) => lines.filter((line) => line.keyword === keyword).map(({ args }) => args.join(' '));
    const said = [
      ...(of('port').length ? of('port') : ['22']).map((port) => `port ${port}`), ...DEFAULTS.map(([keyword, value]) => `${keyword} ${of(keyword)[0] ?? value}`), ...['allowgroups', 'allowusers'].flatMap((keyword) => of(keyword).map((value) => `${keyword} ${value}`)),
    ];
    return { code: 0, stdout: said.map((line) => `${line}\r\n`).join(''), stderr: '' };
  }

  const exec: Exec = {
    which: (tool) => `C:\\Windows\\System32\\${tool}.exe`,
    async run(argv) {
      const program = argv[0].slice(argv[0].lastIndexOf('\\') + 1).replace(/\.exe$/, '');
      const answer = (found: { code: number; stdout: string; stderr: string }) => ({ ...found, truncated: false });
      if (program === 'sshd') return answer(sshd(argv));
      if (program === 'ssh') return answer({ code: 0, stdout: '', stderr: 'OpenSSH_for_Windows_8.1p1, LibreSSL 3.0.2\r\n' });
      ran.push([program, ...argv.slice(1)].join(' '));
      if (refuse.some((word) => argv.includes(word))) return answer({ code: 2, stdout: '', stderr: chinese ? '服务没有响应控制功能。\r\n' : 'The service is not responding to the control function.\r\n' });
      const port = /name=Mantou-SSH-(\d+)/.exec(argv.join(' '))?.[1];
      if (port && argv.includes('add')) rules.add(port);
      if (port && argv.includes('delete')) rules.delete(port);
      if (program === 'net') state.service = argv[1] === 'start' ? 4 : 1;
      if (program === 'net' && argv[1] === 'start') state.port = /^Port (\d+)/m.exec(text(CONFIG) ?? '')?.[1] ?? '22';
      return answer({ code: 0, stdout: '', stderr: '' });
    },
  };

  const user = (rid: number, name: string, more: object = {}) => ({ sid: `${MACHINE}-${rid}`, name, fullName: '', enabled: true, passwordSetAt: 1_790_000_000_000, expiresAt: null, lastSignIn: null, profile: '', ...more });
  const list = {
    controller: false, elevated, own: 'S-1-5-18',
    users: [user(500, 'Administrator', { profile: 'C:\\Users\\Administrator' }), user(501, 'Guest', { enabled: false }), user(1001, 'lin', { profile: 'C:\\Users\\lin' }), user(1002, 'kiosk'), user(1003, 'mei', { enabled: false })],
    groups: [
      { sid: 'S-1-5-32-544', name: chinese ? '管理员' : 'Administrators', members: [{ sid: `${MACHINE}-500`, name: 'Administrator' }, { sid: `${MACHINE}-1003`, name: 'mei' }] },
      { sid: `${MACHINE}-1010`, name: 'openssh users', members: [{ sid: LIN, name: 'lin' }] },
    ],
  };
  const shell: PowerShell = {
    missing: () => null, show: () => '', close() {}, greeting: () => Promise.reject(new Error('none')),
    call: async (_script, verb, _given, answer) => answer.parse(verb === 'list' ? list : { signIns: [] }),
  };
  const where = (account: HostAccount) => keysFileIn(registry, account, PROGRAM_DATA, folder);
  const keys = createWindowsKeys(where, PROGRAM_DATA, (path) => hold(held(nodeAt(path), path, 'folder')));
  const accounts = createWindowsAccounts(shell, keys);
  const sshServer = createWindowsSshServer({ exec, registry, accounts, programData: PROGRAM_DATA, scratch: () => scratch, folder, control: { state: () => (installed ? state.service : null) }, elevated: () => elevated });
  // Nobody listens here: it answers where its files have it listen, since the service was started last.
  sshServer.answers = async (port) => state.service === 4 && state.port === String(port);
  return { ran, looked, rules, state, scratch, put, nodeAt, text, registry, keys, open, drivers: { accounts, sshServer } };
}
