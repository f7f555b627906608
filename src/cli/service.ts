import { existsSync } from 'node:fs';
import { decideTls, findDataDir, loadConfig, type Config } from '../config/load.ts';
import { UsageError } from '../config/option.ts';
import { isCompiled } from '../config/paths.ts';
import { ownPaths, loadPair } from '../core/certificate/source.ts';
import { issueSetupToken } from '../core/setup/setup.ts';
import { hasUsers } from '../core/users/users.ts';
import { AppError } from '../lib/errors.ts';
import { exec } from '../platform/exec.ts';
import {
  EXECUTABLE, hasSystemd, installedDataDir, journalTail, placeExecutable, readServiceState, removeUnit, startUnit, UNIT, UNIT_PATH, unitFile,
} from '../platform/service.ts';
import { allAddresses, panelAddresses } from './address.ts';
import { answersHealth, tryToBind } from './checks/network.ts';
import type { Invocation } from './command.ts';
import { prepareDataDir } from './datadir.ts';
import { setupUrl } from './greeting.ts';
import { explainListen } from './listen.ts';
import { lockDataDir } from './lock.ts';
import { withStore } from './store.ts';

/** How long the service may take until it answers. */
const START_MS = 20_000;

/** `mantou service install`: also brings an installed service to this version. */
export async function install(call: Invocation): Promise<number> {
  const { print, t } = call;
  refuseElsewhere();
  if (!isCompiled()) throw new AppError('unsupported', (m) => m.service.needsExecutable);
  const config = serviceConfig(call);
  const { dataDir, port } = config;
  const before = await readServiceState(exec);
  if (before?.active !== 'active') await refuseWhenTaken(config);
  if (placeExecutable(process.execPath)) print(t.service.copied({ path: EXECUTABLE }));
  const args = ['serve', '--host', config.host, ...(call.values.port === undefined ? [] : ['--port', String(port)]), '--data-dir', dataDir];
  const since = Date.now();
  await startUnit(exec, unitFile({ executable: EXECUTABLE, args, dataDir }));
  await untilItAnswers(config, since);
  print(t.service.installed({ unit: UNIT }));
  await describe(call, config);
  return 0;
}

/** `mantou service uninstall` */
export async function uninstall({ print, t, values, env }: Invocation): Promise<number> {
  refuseElsewhere();
  const path = installedDataDir() ?? findDataDir(values, env).dataDir;
  if (!existsSync(UNIT_PATH)) throw new AppError('not_found', (m) => m.service.notInstalled);
  await removeUnit(exec);
  print(t.service.removed({ unit: UNIT }));
  print(t.service.kept({ dataDir: path, executable: EXECUTABLE }));
  return 0;
}

/** `mantou service status`: exit code 0 when it runs, 3 when it does not (LSB 5.0, 22.2). */
export async function status(call: Invocation): Promise<number> {
  const { print, t } = call;
  refuseWithoutSystemd();
  const state = await readServiceState(exec);
  if (!state?.installed) {
    print(t.service.notInstalled);
    return 3;
  }
  print(t.service.state({ unit: UNIT, active: state.active, enabled: state.enabled }));
  if (state.active !== 'active') return 3;
  // The data directory is root's: others learn that it runs, not where the set-up begins.
  if (process.getuid?.() === 0) await describe(call, serviceConfig(call));
  return 0;
}

function refuseWithoutSystemd() {
  if (process.platform === 'win32') throw new AppError('unsupported', (t) => t.service.windows);
  if (process.platform !== 'linux' || !hasSystemd()) throw new AppError('unsupported', (t) => t.service.noSystemd);
}

function refuseElsewhere() {
  refuseWithoutSystemd();
  if (process.getuid?.() !== 0) throw new AppError('denied', (t) => t.service.needsRoot);
}

/** All addresses; config.toml of the data directory says the rest. Settings in this shell's environment are not the service's. */
function serviceConfig({ values }: Invocation): Config {
  const dataDir = values.dataDir ?? installedDataDir() ?? findDataDir(values, {}).dataDir;
  const config = loadConfig({ ...values, dataDir, host: allAddresses() }, {});
  if (config.port === 0) throw new UsageError('--port 0: a service needs a port that stays the same; give a number from 1 to 65535');
  decideTls(config);
  return config;
}

/** Before anything is changed: a panel that runs by hand, or another program on the port, would keep the service from starting. */
async function refuseWhenTaken(config: Config) {
  await prepareDataDir(config.dataDir, exec);
  lockDataDir(config.dataDir).release();
  const error = await tryToBind(config.host, config.port);
  if (error) throw explainListen(config, error);
}

async function untilItAnswers(config: Config, since: number) {
  const url = `${decideTls(config) ? 'https' : 'http'}://127.0.0.1:${config.port}`;
  while (!(await answersHealth(url, 1000))) {
    if (Date.now() - since > START_MS) {
      const detail = await journalTail(exec);
      throw new AppError('unavailable', (t) => t.service.silent({ unit: UNIT }), { detail });
    }
    await Bun.sleep(100);
  }
}

/** Where it is reached, how to know its certificate, and where the set-up begins. */
async function describe(call: Invocation, config: Config) {
  const { print, t } = call;
  const tls = decideTls(config);
  const { url, others } = panelAddresses(config, tls, config.port);
  print(t.service.reach({ url }));
  if (others.length) print(t.start.reach({ urls: others.join(' ') }));
  if (tls) {
    const paths = config.tlsCert && config.tlsKey ? { cert: config.tlsCert, key: config.tlsKey } : ownPaths(config.dataDir);
    print(t.start.fingerprint({ fingerprint: loadPair(paths, Date.now()).facts.fingerprint }));
  }
  print(t.start.dataDir({ path: config.dataDir }));
  const here = { ...call, values: { ...call.values, dataDir: config.dataDir } };
  const token = await withStore(here, (store) => (hasUsers(store) ? null : issueSetupToken(store).token));
  if (token === null) return;
  print('');
  print(t.start.setup);
  print(`  ${setupUrl(url, token)}`);
}
