import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { readValue, UsageError, type Option, type Values } from './option.ts';
import { serveOptions } from './options.ts';
import { defaultDataDir, hasPortableMark, portableRoot } from './paths.ts';
import { isLoopback } from '../lib/loopback.ts';

/** What `serve` runs with. Frozen; nothing reads the environment afterwards. */
export interface Config {
  readonly host: string;
  readonly port: number;
  readonly dataDir: string;
  /** Undefined: decided by the address. */
  readonly tls: boolean | undefined;
  readonly tlsCert: string | undefined;
  readonly tlsKey: string | undefined;
  readonly trustedProxies: readonly string[];
  readonly allowedHosts: readonly string[];
  /** Where releases are announced; undefined: nowhere, and the update check cannot be switched on. */
  readonly releaseUrl: string | undefined;
  readonly portable: boolean;
  readonly demo: boolean;
}

type Env = Record<string, string | undefined>;

/** The data directory that the flags, the environment and the place of the executable lead to. */
export function findDataDir(flags: Values, env: Env): { dataDir: string; portable: boolean } {
  const root = portableRoot();
  const portable = (flags.portable ?? fromEnv('portable', env) ?? hasPortableMark(root)) === true;
  const named = flags.dataDir ?? fromEnv('dataDir', env);
  if (named !== undefined) return { dataDir: String(named), portable };
  const at = { platform: process.platform, env, root: process.getuid?.() === 0, home: homedir(), executable: process.execPath };
  // What is made up must not end up among the records of the real machine.
  const demo = (flags.demo ?? fromEnv('demo', env)) === true;
  return { dataDir: defaultDataDir(at, portable ? root : undefined) + (demo ? '-demo' : ''), portable };
}

function fromEnv(key: string, env: Env) {
  const option = serveOptions.find((o) => o.key === key)!;
  const raw = option.env === undefined ? undefined : env[option.env];
  return raw === undefined || raw === '' ? undefined : readValue(option, raw, option.env!);
}

/**
 * flags > `MANTOU_*` > config.toml > defaults; `given` stands in for the file.
 * @throws UsageError in one line for a value that is not accepted or a file that does not parse.
 */
export function loadConfig(flags: Values, env: Env, given?: Record<string, unknown>): Config {
  const { dataDir, portable } = findDataDir(flags, env);
  const path = join(dataDir, 'config.toml');
  const file = given ?? readConfigFile(path);
  const pick = (o: Option) => {
    const given = flags[o.key] ?? fromEnv(o.key, env);
    if (given !== undefined) return given;
    if (o.toml && o.toml in file) return readValue(o, file[o.toml], `${path}: ${o.toml}`, dataDir);
    return o.default;
  };
  const values = Object.fromEntries(serveOptions.map((o) => [o.key, pick(o)]));
  return Object.freeze({ ...values, dataDir, portable }) as unknown as Config;
}

function readConfigFile(path: string): Record<string, unknown> {
  if (!existsSync(path)) return {};
  const parsed = parseToml(path, readText(path));
  const known = serveOptions.flatMap((o) => o.toml ?? []);
  const unknown = Object.keys(parsed).find((key) => !known.includes(key));
  if (unknown) throw new UsageError(`${path}: unknown key ${unknown}; accepted: ${known.join(', ')}`);
  return parsed;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`${path}: cannot be read (${String((error as NodeJS.ErrnoException).code ?? error)})`);
  }
}

function parseToml(path: string, text: string): Record<string, unknown> {
  try {
    return Bun.TOML.parse(text) as Record<string, unknown>;
  } catch (error) {
    const reason = String((error as Error).message).split('\n')[0]!.replace('TOML Parse error: ', '');
    throw new UsageError(`${path}:${faultyLine(text)}: ${reason}; it must be TOML, for example: port = 8686`);
  }
}

/** The parser of Bun 1.4 does not tell the line: it is the one after the longest beginning that parses. */
function faultyLine(text: string): number {
  const lines = text.split('\n');
  const parses = (count: number) => {
    try {
      return Boolean(Bun.TOML.parse(lines.slice(0, count).join('\n')));
    } catch {
      return false;
    }
  };
  const good = lines.findLastIndex((_line, count) => parses(count));
  return Math.max(0, good) + 1;
}

/**
 * Does the panel speak TLS itself? On loopback no (browsers treat it as a secure context), else yes.
 * @throws UsageError for combinations that would send passwords in the clear.
 */
export function decideTls(config: Config): boolean {
  if (Boolean(config.tlsCert) !== Boolean(config.tlsKey)) throw new UsageError('--tls-cert and --tls-key go together: give both or neither');
  if (config.tls === false && config.tlsCert) throw new UsageError('--no-tls and --tls-cert exclude each other: give one');
  const tls = config.tls ?? (Boolean(config.tlsCert) || !isLoopback(config.host));
  if (!tls && !isLoopback(config.host) && config.trustedProxies.length === 0) {
    const way = 'listen on 127.0.0.1, or give --trusted-proxy for the proxy that adds TLS';
    throw new UsageError(`--no-tls on ${config.host} would send passwords in the clear; ${way}`);
  }
  return tls;
}
