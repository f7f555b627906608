import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { decideTls } from '../../config/load.ts';
import { isLoopback } from '../../lib/loopback.ts';
import { UsageError } from '../../config/option.ts';
import { loadPair, ownPaths } from '../../core/certificate/source.ts';
import { readHolder } from '../lock.ts';
import { explainListen } from '../listen.ts';
import { AppError } from '../../lib/errors.ts';
import { caution, fail, ok, type Check, type Finding } from './check.ts';
import { told } from './storage.ts';

export const portCheck: Check = async ({ config }) => {
  const running = readHolder(config.dataDir);
  if (running && alive(running.pid)) {
    const answers = await answersHealth(running.url);
    return answers ? ok('port', (t) => t.doctor.portOurs(running)) : fail('port', (t) => t.doctor.portSilent(running));
  }
  const { host, port } = config;
  const error = await tryToBind(host, port);
  if (!error) return ok('port', (t) => t.doctor.portFree({ host, port }));
  const told = explainListen(config, error);
  return fail('port', told instanceof AppError ? told.say : () => String(error));
};

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is there, but belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Our own certificate is self-signed, and nothing is sent: it need not be proved. */
export async function answersHealth(url: string, ms = 3000): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(ms);
    const answer = await fetch(`${url}/healthz`, { tls: { rejectUnauthorized: false }, signal, redirect: 'manual' });
    return answer.ok && ((await answer.json()) as { status?: string }).status === 'ok';
  } catch {
    return false;
  }
}

/** What keeps a socket from being opened there, or null. */
export function tryToBind(host: string, port: number): Promise<Error | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', resolve);
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(null)));
  });
}

/** The panel warns so many days before; one that renews itself never gets there. */
const SOON_DAYS = 14;

export const tlsCheck: Check = ({ config, now }) => {
  let tls: boolean;
  try {
    tls = decideTls(config);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return fail('tls', () => error.message);
  }
  const { host, dataDir, tlsCert, tlsKey } = config;
  if (!tls) return ok('tls', (t) => (isLoopback(host) ? t.doctor.tlsOff({ host }) : t.doctor.tlsProxy));
  const paths = tlsCert && tlsKey ? { cert: tlsCert, key: tlsKey } : ownPaths(dataDir);
  if (!tlsCert && !existsSync(paths.cert)) return ok('tls', (t) => t.doctor.tlsNew);
  return told('tls', (): Finding => {
    const { notAfter, fingerprint } = loadPair(paths, now).facts;
    const days = Math.floor((notAfter - now) / 86_400_000);
    if (days < SOON_DAYS) return caution('tls', (t) => t.doctor.tlsSoon({ days, path: paths.cert }));
    return ok('tls', (t) => t.doctor.tlsGood({ days, fingerprint }));
  });
};
