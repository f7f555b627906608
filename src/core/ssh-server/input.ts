import { isIP } from 'node:net';
import { z } from 'zod';
import { say } from '../../lib/issue.ts';
import { FORWARDINGS, ROOT_LOGINS } from '../../platform/ssh-server/settings.ts';

const badPorts = say('ssh_server.ports', (t) => t.sshServer.badPorts);
const badAddress = say('ssh_server.address', (t) => t.sshServer.badAddress);
const badGroups = say('ssh_server.groups', (t) => t.sshServer.badGroups);
const badTries = say('ssh_server.tries', (t) => t.sshServer.badTries);

const port = z.number(badPorts).int(badPorts).min(1, badPorts).max(65_535, badPorts);

/** "10.0.0.1", "10.0.0.1:2222", "::1", "[::1]:2222": nothing else becomes a line of the file (S3). */
export function isListenAddress(text: string): boolean {
  const [, v6, v6port, v4, v4port] = /^(?:\[([^\]]*)\](?::(\d{1,5}))?|(\d+\.\d+\.\d+\.\d+)(?::(\d{1,5}))?)$/.exec(text) ?? [];
  const given = v6port ?? v4port;
  if (given !== undefined && (Number(given) < 1 || Number(given) > 65_535)) return false;
  return isIP(v6 ?? v4 ?? text) !== 0 && /^[\da-fA-F.:[\]]+$/.test(text);
}

/** "openssh users", "corp\\admins", "web*": no quote and no blank at an end, so that one is a word of the line (S3). */
const group = z.string(badGroups).max(256, badGroups).regex(/^(?!\s)[^"'#/\\[\]:;|=,+<>@\p{C}]+(\\[^"'#/\\[\]:;|=,+<>@\p{C}]+)?(?<![\s\\])$/u, badGroups);

const groups = z.array(group, badGroups).max(64, badGroups);

/** What the page and the API may set. What a system has not is left out of its form, and what is left out stays as it is. */
export const SshServerInput = z.strictObject({
  ports: z.array(port, badPorts).min(1, badPorts).max(16, badPorts).refine((all) => new Set(all).size === all.length, badPorts),
  listenAddresses: z.array(z.string().refine(isListenAddress, badAddress)).max(32, badAddress),
  permitRootLogin: z.enum(ROOT_LOGINS).optional(),
  passwordAuthentication: z.boolean(),
  pubkeyAuthentication: z.boolean(),
  kbdInteractiveAuthentication: z.boolean().optional(),
  allowTcpForwarding: z.enum(FORWARDINGS),
  x11Forwarding: z.boolean().optional(),
  maxAuthTries: z.number(badTries).int(badTries).min(1, badTries).max(100, badTries),
  allowGroups: groups.optional(),
});
export type SshServerWanted = z.output<typeof SshServerInput>;

const flag = z.literal('on').optional().transform((value) => value === 'on');
const words = (text: string) => text.split(/[\s,，、]+/).filter(Boolean);

const rows = (text: string) => text.split(/[\r\n,，、]+/).map((row) => row.trim()).filter(Boolean);

/** The same from a form: ports on a line, addresses and groups one on each, boxes that send nothing when they are not ticked. */
export const SshServerForm = z
  .object({
    ports: z.string().max(200, badPorts).transform((text) => words(text).map((word) => (/^\d{1,5}$/.test(word) ? Number(word) : NaN))).pipe(SshServerInput.shape.ports),
    listenAddresses: z.string().max(2000, badAddress).transform(words).pipe(SshServerInput.shape.listenAddresses),
    permitRootLogin: SshServerInput.shape.permitRootLogin,
    passwordAuthentication: flag, pubkeyAuthentication: flag, kbdInteractiveAuthentication: flag,
    allowTcpForwarding: SshServerInput.shape.allowTcpForwarding,
    x11Forwarding: flag,
    maxAuthTries: z.string().regex(/^\d{1,3}$/, badTries).transform(Number).pipe(SshServerInput.shape.maxAuthTries),
    allowGroups: z.string().max(8000, badGroups).transform(rows).pipe(groups).optional(),
  });
