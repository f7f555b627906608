import { z } from 'zod';
import { say } from '../../lib/issue.ts';
import { DOMAIN } from '../images/reference.ts';

/** Docker Hub, as references name it. */
export const HUB = 'docker.io';
/** What its own tools call it: the key of its sign-in everywhere in Docker. */
const HUB_ADDRESS = 'https://index.docker.io/v1/';
const HUB_NAMES = /^(?:(?:www|hub|index|registry-1|registry|auth)\.)?docker\.(?:io|com)$/;

const rule = say('registries.host', (t) => t.registries.hostRule);

/** A registry as people write it (`https://ghcr.io/`, `index.docker.io/v1`), as references name it; null for what is none. */
export function hostOf(text: string): string | null {
  const [, rest = ''] = /^(?:https?:\/\/)?(.*?)\/*$/i.exec(text.trim()) ?? [];
  const [host = '', ...path] = rest.toLowerCase().split('/');
  if (HUB_NAMES.test(host)) return path.length === 0 || /^v[12]$/.test(path.join('/')) ? HUB : null;
  if (path.length > 0 && !/^v2$/.test(path.join('/'))) return null;
  // What has neither a dot nor a port is not a registry in a reference, but the first part of a name on Docker Hub.
  if (!DOMAIN.test(host) || host.length > 255 || (!/[.:]/.test(host) && host !== 'localhost')) return null;
  const port = /:(\d+)$/.exec(host.replace(/^\[.*\]/, ''))?.[1];
  return port !== undefined && (Number(port) < 1 || Number(port) > 65_535) ? null : host;
}

export const RegistryHost = z.string().max(300, rule).transform((text, ctx) => {
  const host = hostOf(text);
  if (host !== null) return host;
  ctx.addIssue({ code: 'custom', message: rule });
  return z.NEVER;
});

/** Where one signs in, as the engine and the files of Docker's tools name it. */
export const addressOf = (host: string) => (host === HUB ? HUB_ADDRESS : host);
