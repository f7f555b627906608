import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../config/load.ts';
import type { Clock } from '../../lib/clock.ts';
import { AppError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import type { Random } from '../../lib/random.ts';
import type { Exec } from '../../platform/exec.ts';
import { issueSelfSigned } from './issue.ts';
import { inspectPair, type CertificateFacts, type KeyPair, type PairPaths } from './certificate.ts';
import { certificateNames, neededNames } from './names.ts';

/** A self-signed certificate is made anew this long before its end. */
const RENEW_MS = 30 * 86_400_000;

/** The certificate that the panel serves, wherever it comes from. */
export interface CertificateSource {
  pair(): KeyPair;
  facts(): CertificateFacts;
  /**
   * Looks whether the files changed or the certificate nears its end. @returns true when there is another pair now.
   * Never throws: what cannot be read is logged and the pair in use stays.
   */
  refresh(): Promise<boolean>;
}

interface Needs {
  config: Pick<Config, 'dataDir' | 'host' | 'tlsCert' | 'tlsKey'>;
  clock: Clock;
  random: Random;
  exec: Exec;
  log: Log;
  /** Puts what was thrown into words for the log. */
  tell: (thrown: unknown) => string;
}

/** The files that `--tls-cert` and `--tls-key` name, else a self-signed pair in `<data>/tls`, made when there is none. */
export async function openCertificate(needs: Needs): Promise<CertificateSource> {
  const { tlsCert, tlsKey, dataDir } = needs.config;
  if (tlsCert && tlsKey) return followFiles({ cert: tlsCert, key: tlsKey }, needs);
  return followOwn(ownPaths(dataDir), needs);
}

export const ownPaths = (dataDir: string): PairPaths => ({ cert: join(dataDir, 'tls', 'cert.pem'), key: join(dataDir, 'tls', 'key.pem') });

/** Certificates that somebody else renews (certbot, a company's CA): read again whenever a file is another one. */
function followFiles(paths: PairPaths, { clock, log, tell }: Needs): CertificateSource {
  let mark = stampOf(paths);
  let now = loadPair(paths, clock.now());
  return {
    pair: () => now.pair,
    facts: () => now.facts,
    async refresh() {
      const seen = stampOf(paths);
      if (seen === mark) return false;
      mark = seen;
      try {
        const next = loadPair(paths, clock.now());
        if (next.facts.fingerprint === now.facts.fingerprint) return false;
        now = next;
        log.info('certificate read again', { path: paths.cert, fingerprint: now.facts.fingerprint });
        return true;
      } catch (error) {
        // One file of two is written before the other: the next look has both.
        log.warn('changed certificate not used, the one before stays', { path: paths.cert, reason: tell(error) });
        return false;
      }
    },
  };
}

async function followOwn(paths: PairPaths, needs: Needs): Promise<CertificateSource> {
  const { clock, log, config } = needs;
  const kept = readKept(paths, needs);
  const missing = kept ? neededNames(config.host).filter((name) => !kept.facts.names.includes(name)) : [];
  if (missing.length) log.info('certificate lacks names of this machine and is made anew', { names: missing });
  let now = kept && missing.length === 0 && !isDue(kept.facts, clock.now()) ? kept : await make(paths, needs);
  return {
    pair: () => now.pair,
    facts: () => now.facts,
    async refresh() {
      if (!isDue(now.facts, clock.now())) return false;
      try {
        now = await make(paths, needs);
        return true;
      } catch (error) {
        log.error('certificate not renewed', { path: paths.cert, reason: needs.tell(error) });
        return false;
      }
    },
  };
}

const isDue = (facts: CertificateFacts, now: number) => facts.notAfter - now < RENEW_MS;

/** What lies there from before, if it can be used; a damaged pair is replaced, it holds nothing that matters. */
function readKept(paths: PairPaths, { clock, log, tell }: Needs) {
  if (!existsSync(paths.cert)) return null;
  try {
    return loadPair(paths, clock.now());
  } catch (error) {
    log.warn('own certificate not usable, made anew', { path: paths.cert, reason: tell(error) });
    return null;
  }
}

async function make(paths: PairPaths, { exec, config, clock, random, log }: Needs) {
  const pair = await issueSelfSigned(await certificateNames(exec, config.host), clock.now(), random);
  mkdirSync(join(paths.cert, '..'), { recursive: true, mode: 0o700 });
  // The key first: a crash in between leaves a pair that does not match, which the next start replaces.
  replaceFile(paths.key, pair.key);
  replaceFile(paths.cert, pair.cert);
  const facts = inspectPair(pair, paths, clock.now());
  log.info('certificate made', { names: facts.names, fingerprint: facts.fingerprint });
  return { pair, facts };
}

function replaceFile(path: string, text: string) {
  writeFileSync(`${path}.new`, text, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** @throws AppError unavailable */
export function loadPair(paths: PairPaths, now: number): { pair: KeyPair; facts: CertificateFacts } {
  const pair = { cert: readPem(paths.cert), key: readPem(paths.key) };
  return { pair, facts: inspectPair(pair, paths, now) };
}

function readPem(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new AppError('unavailable', (t) => t.certificate.fileUnreadable({ path, reason }), { cause });
  }
}

/** Changes whenever one of the files does, also when a link points elsewhere (certbot's `live/`). */
function stampOf(paths: PairPaths): string {
  return [paths.cert, paths.key]
    .map((path) => statSync(path, { throwIfNoEntry: false }))
    .map((s) => (s ? `${s.ino}:${s.mtimeMs}:${s.size}` : 'none'))
    .join(' ');
}
