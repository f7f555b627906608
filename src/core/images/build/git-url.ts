import { z } from 'zod';
import { say } from '../../../lib/issue.ts';

/** Where a repository is, taken apart; what is not understood is refused. */
export interface GitUrl {
  scheme: 'https' | 'http' | 'ssh' | 'git';
  /** As it was written: for git, and to be shown. It never holds a password. */
  text: string;
  host: string;
  port: number;
  /** What comes after host and port, for an address in place of the name. */
  path: string;
  /** `#main:docker` at the end, as docker(1) reads it. */
  ref: string;
  folder: string;
}

const PORTS = { https: 443, http: 80, ssh: 22, git: 9418 } as const;
const HOST = /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]{0,251}[a-zA-Z0-9])?|\[[0-9a-fA-F:.]+\])$/;
const USER = /^[a-zA-Z0-9_][\w.-]{0,63}$/;
/** No spaces, no control characters, nothing that a shell on the other side would take for its own. */
const PATH = /^[\w~%+@:,=/.-]{1,2000}$/;
/** git-check-ref-format(1), and no word that begins with `-`. */
const REF = /^[\w][\w./@+-]{0,254}$/;

export const isRef = (text: string) => REF.test(text) && !/\.\.|@\{|\/\/|\.lock(?:\/|$)|[/.]$/.test(text);

/** A folder below another one: `docker/web`; '' is the folder itself. */
export const isInner = (path: string) => path === '' || (path.length <= 1000 && /^[^\x00-\x1f\x7f\\]+$/.test(path) && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..'));

/** `https://…`, `ssh://git@host:22/…`, `git@host:group/repository.git`, `git://…`; null for what is none, or has a password in it. */
export function parseGitUrl(text: string): GitUrl | null {
  const [address = '', fragment = '', ...more] = text.trim().split('#');
  if (more.length) return null;
  const colon = fragment.indexOf(':');
  const [ref, folder] = colon < 0 ? [fragment, ''] : [fragment.slice(0, colon), fragment.slice(colon + 1).replace(/^\/|\/$/g, '')];
  if ((ref && !isRef(ref)) || !isInner(folder)) return null;
  const found = withScheme(address) ?? likeScp(address);
  return found && { ...found, text: address, ref, folder };
}

type Place = Omit<GitUrl, 'text' | 'ref' | 'folder'>;

function withScheme(address: string): Place | null {
  const [, scheme = '', user, host = '', port, path = ''] = /^(https?|ssh|git):\/\/(?:([^@/]*)@)?(\[[^\]]*\]|[^:/]*)(?::(\d{1,5}))?(\/.*)$/.exec(address) ?? [];
  if (!(scheme in PORTS) || !HOST.test(host) || !PATH.test(path) || path === '/') return null;
  if (user !== undefined && (scheme !== 'ssh' || !USER.test(user))) return null;
  const number = port === undefined ? PORTS[scheme as keyof typeof PORTS] : Number(port);
  return number >= 1 && number <= 65_535 ? { scheme: scheme as GitUrl['scheme'], host, port: number, path } : null;
}

function likeScp(address: string): Place | null {
  const [, user = '', host = '', path = ''] = /^([^@/:]+)@([^@/:]+):([^:].*)$/.exec(address) ?? [];
  return USER.test(user) && HOST.test(host) && PATH.test(path) && !path.startsWith('-') ? { scheme: 'ssh', host, port: PORTS.ssh, path } : null;
}

const rule = say('build.git', (t) => t.imageBuild.errors.gitUrl);

export const GitAddress = z.string().max(2500, rule).transform((text, ctx) => {
  const found = parseGitUrl(text);
  if (found) return found;
  ctx.addIssue({ code: 'custom', message: rule });
  return z.NEVER;
});
