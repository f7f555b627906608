import { lookup as systemLookup } from 'node:dns/promises';
import { AppError } from '../../../lib/errors.ts';
import { isPublicAddress, literalAddress } from '../../../lib/public-address.ts';
import { hostOf } from '../../../lib/host-port.ts';

/** All addresses of a name. */
export type Lookup = (host: string) => Promise<string[]>;

export const lookupAll: Lookup = async (host) => (await systemLookup(host, { all: true })).map(({ address }) => address);

interface Ask {
  url: URL;
  headers: Record<string, string>;
  /** The administrator allows addresses that are not of the internet. */
  private: boolean;
  lookup: Lookup;
  signal: AbortSignal;
  log(text: string): void;
}

export interface Answered {
  response: Response;
  /** After redirects. */
  url: URL;
}

const REDIRECTS = 10;

/** For people and logs: an address may carry a password, and its query a key. */
export const shownUrl = (url: URL) => `${url.protocol}//${url.host}${url.pathname}${url.search ? '?…' : ''}`;

/**
 * Asks for a URL and follows redirects. Each name is resolved once, each address is checked, and the connection goes to
 * the very address that was checked: a name that answers otherwise a moment later leads nowhere (S19).
 * @throws AppError denied for addresses that are not allowed, unavailable for what cannot be reached
 */
export async function request(ask: Ask): Promise<Answered> {
  let { url } = ask;
  for (let n = 0; n <= REDIRECTS; n++) {
    // A password was meant for the server that it was given for.
    const response = await connect({ ...ask, url }, n === 0 || url.origin === ask.url.origin);
    const to = [301, 302, 303, 307, 308].includes(response.status) ? response.headers.get('location') : null;
    if (to === null) return { response, url };
    await response.body?.cancel();
    const next = URL.parse(to, url.href);
    if (!next || !/^https?:$/.test(next.protocol)) throw new AppError('denied', (t) => t.fetches.urlRule);
    if (url.protocol === 'https:' && next.protocol === 'http:') ask.log('warning: the redirect leaves HTTPS');
    url = next;
    ask.log(`redirected to ${shownUrl(url)}`);
  }
  throw new AppError('unavailable', (t) => t.fetches.redirects);
}

async function connect({ url, headers, lookup, signal, log, ...ask }: Ask, trusted: boolean): Promise<Response> {
  const address = await addressOf(url, lookup, ask.private);
  log(`${shownUrl(url)} at ${address}`);
  const { hostname, username, password } = url;
  const target = new URL(url);
  target.hostname = hostOf(address);
  target.username = target.password = target.hash = '';
  const sent: Record<string, string> = { ...headers, host: url.host };
  if (trusted && username) sent.authorization = `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`;
  try {
    return await fetch(target.href, {
      headers: sent, signal, redirect: 'manual', keepalive: false, decompress: false, proxy: undefined,
      // The certificate must be of the name that was asked for, not of the address.
      ...(url.protocol === 'https:' ? { tls: { serverName: hostname.replace(/^\[(.*)\]$/, '$1') } } : {}),
    } as RequestInit);
  } catch (cause) {
    if (signal.aborted) throw cause;
    const reason = String((cause as { code?: string }).code ?? (cause as Error).message);
    throw new AppError('unavailable', (t) => t.fetches.unreachable({ host: url.host, reason }), { cause });
  }
}

/** The address to connect to. @param allowed also those that are not of the internet @throws AppError denied (field `url`), unavailable */
export async function addressOf(url: URL, lookup: Lookup, allowed: boolean): Promise<string> {
  const { hostname } = url;
  const literal = literalAddress(url);
  const found = literal ? [literal] : await lookup(hostname).catch(() => []);
  if (found.length === 0) throw new AppError('unavailable', (t) => t.fetches.noAddress({ host: hostname }));
  const usable = allowed ? found[0] : found.find(isPublicAddress);
  if (!usable) throw new AppError('denied', (t) => t.fetches.refusedAddress({ host: hostname, address: found[0]! }), { field: 'url' });
  return usable;
}
