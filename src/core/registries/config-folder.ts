import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile, symlink } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { registries } from '../../db/schema/registries.ts';
import { openHandover } from '../../platform/ssh/handover.ts';
import type { App } from '../app.ts';
import { addressOf } from './host.ts';
import { openPassword } from './registries.ts';

type ConfigApp = Pick<App, 'db' | 'secrets' | 'config'>;

/** `auths`, `credsStore` and `credHelpers` of Docker's own tools; the rest of the file is handed on as it is. */
const Config = z.looseObject({
  auths: z.record(z.string(), z.unknown()).optional(),
  credsStore: z.string().optional(),
  credHelpers: z.record(z.string(), z.string()).optional(),
});
type Config = z.output<typeof Config>;

/**
 * Gives `run` the environment in which Docker's tools are signed in to the registries that are kept here: a folder of
 * its own for `DOCKER_CONFIG`, which only this account reads and which is gone afterwards, however it ends; on Linux the
 * passwords in it lie in memory, under no name. What the
 * account itself has there (plugins, sign-ins, helpers) counts as well, and ours come first. With none kept it is empty.
 */
export async function withRegistries<T>(app: ConfigApp, run: (env: Record<string, string>) => Promise<T>, own = ownFolder()): Promise<T> {
  const rows = app.db.select().from(registries).all();
  if (rows.length === 0) return run({});
  const { folder, secret, close } = process.platform === 'linux' ? openHandover(app.config.dataDir) : openConfigs(app);
  try {
    const logins = rows.map((row) => ({ address: addressOf(row.host), auth: Buffer.from(`${row.user}:${openPassword(app, row)}`).toString('base64') }));
    secret('config.json', JSON.stringify(merged(await readConfig(own), logins)));
    // Programs of the account's own are looked for beside the file; those of the system are found in any case.
    for (const name of ['cli-plugins', 'contexts', 'buildx']) if (existsSync(join(own, name))) await symlink(join(own, name), join(folder, name), 'junction');
    return await run({ DOCKER_CONFIG: folder });
  } finally {
    close();
  }
}

/** Where no file can lie in memory alone. */
function openConfigs(app: Pick<App, 'config'>) {
  const base = baseFolder(app);
  mkdirSync(base, { recursive: true, mode: 0o700 });
  // Made with mode 0700.
  const folder = mkdtempSync(join(base, 'config-'));
  const secret = (name: string, text: string) => writeFileSync(join(folder, name), text, { mode: 0o600, flag: 'wx' });
  return { folder, secret, close: () => rmSync(folder, { recursive: true, force: true }) };
}

/** What a panel that was killed has left. At its start nobody uses any of it. */
export const sweepConfigs = (app: Pick<App, 'config'>): void => rmSync(baseFolder(app), { recursive: true, force: true });

export const baseFolder = ({ config }: Pick<App, 'config'>): string => join(config.dataDir, 'docker-config');

function merged(theirs: Config, logins: readonly { address: string; auth: string }[]): Config {
  const auths = { ...theirs.auths, ...Object.fromEntries(logins.map(({ address, auth }) => [address, { auth }])) };
  // A program that keeps passwords would be asked instead of the file. By an empty name the file is meant (docker/cli, configfile.GetCredentialsStore).
  const helpers = theirs.credsStore || theirs.credHelpers ? { credHelpers: { ...theirs.credHelpers, ...Object.fromEntries(logins.map(({ address }) => [address, ''])) } } : {};
  const { currentContext: _, ...rest } = theirs;
  return { ...rest, auths, ...helpers };
}

async function readConfig(folder: string): Promise<Config> {
  try {
    return Config.parse(JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')));
  } catch {
    // None, or one that the tools could not read either.
    return {};
  }
}

/** Of the account, as the programs that the panel starts see it (platform/exec.ts). */
function ownFolder(): string {
  try {
    return join(userInfo().homedir, '.docker');
  } catch {
    return '/.docker';
  }
}
