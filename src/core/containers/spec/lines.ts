import { isIP } from 'node:net';
import { hostPort } from '../../../lib/host-port.ts';

/** Lists as people write them into a form: one a line. Each function throws the line that it cannot take. */
export class BadLine extends Error {}

export const linesOf = (text: string): string[] => text.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));

/** Can a line of the form say it? Docker takes any name: `1X=`, one with a space, one without a value. */
export const isEnvLine = (pair: string) => /^[A-Za-z_][\w.-]*=/.test(pair);

/** The same of a label: a line that begins with `#` is a comment, and ends its name at the first `=`. */
export const isPairKey = (key: string) => key !== '' && key === key.trim() && !/^#|[=\r\n]/.test(key);

/** `KEY=value`, as in a file of `docker run --env-file` or an `.env`; quotes around a value are taken off. */
export function envOf(text: string): string[] {
  return linesOf(text).map((line) => {
    const [, name, value] = /^(?:export\s+)?([A-Za-z_][\w.-]*)=(.*)$/s.exec(line) ?? [];
    if (name === undefined || value === undefined) throw new BadLine(line);
    const quoted = /^(["'])(.*)\1$/s.exec(value);
    return `${name}=${quoted ? quoted[2] : value}`;
  });
}

/** `key=value`; without `=` the value is empty. */
export function pairsOf(text: string): Record<string, string> {
  return Object.fromEntries(linesOf(text).map((line) => {
    const at = line.indexOf('=');
    if (at === 0) throw new BadLine(line);
    return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)];
  }));
}

export interface Published {
  address: string;
  host: string;
  container: string;
  protocol: 'tcp' | 'udp' | 'sctp';
}

const isPort = (text: string) => /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;

/** `8080:80`, `127.0.0.1:8080:80/tcp`, `[::1]:53:53/udp`, `80` (a free port of the machine): as `docker run -p`, without ranges. */
export function portsOf(text: string): Published[] {
  return linesOf(text).map((line) => {
    const [, address, host = '', container = '', protocol = 'tcp'] = /^(?:(?:(\[[^\]]+\]|[^:]*):)?(\d*):)?(\d+)(?:\/(tcp|udp|sctp))?$/.exec(line) ?? [];
    const at = address?.replace(/^\[|\]$/g, '') ?? '';
    if (!isPort(container) || (host !== '' && !isPort(host)) || (at !== '' && !isIP(at))) throw new BadLine(line);
    return { address: at, host, container, protocol: protocol as Published['protocol'] };
  });
}

export const portLine = ({ address, host, container, protocol }: Published): string => {
  const from = address ? `${hostPort({ address, port: host })}:` : host ? `${host}:` : '';
  return `${from}${container}${protocol === 'tcp' ? '' : `/${protocol}`}`;
};

/**
 * `/srv/data:/data`, `shop-data:/data:ro`: as `docker run -v`. What is left of the colon is a path of the machine or the name
 * of a volume, never a relative path: nobody could say relative to what.
 */
export function mountsOf(text: string): string[] {
  return linesOf(text).map((line) => {
    const [, source = '', target = '', options = ''] = /^(\/[^:]*|[A-Za-z]:\\[^:]*|[a-zA-Z0-9][\w.-]*):(\/[^:]*)(?::([a-z,]+))?$/.exec(line) ?? [];
    const known = options.split(',').filter(Boolean).every((option) => /^(ro|rw|z|Z|nocopy|consistent|cached|delegated|[r]?(shared|slave|private))$/.test(option));
    if (!source || !target || !known || target.split('/').includes('..')) throw new BadLine(line);
    return [source, target, ...(options ? [options] : [])].join(':');
  });
}

/** `/dev/ttyUSB0`, `/dev/sda:/dev/xvda:r`: as `docker run --device`. */
export function devicesOf(text: string): { PathOnHost: string; PathInContainer: string; CgroupPermissions: string }[] {
  return linesOf(text).map((line) => {
    const [, host, inside, permissions] = /^(\/dev\/[^:]+)(?::(\/[^:]+))?(?::([rwm]{1,3}))?$/.exec(line) ?? [];
    if (!host || host.split('/').includes('..')) throw new BadLine(line);
    return { PathOnHost: host, PathInContainer: inside ?? host, CgroupPermissions: permissions ?? 'rwm' };
  });
}
