import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { decideTls, findDataDir, loadConfig, type Config } from '../config/load.ts';
import { UsageError } from '../config/option.ts';
import { isCompiled } from '../config/paths.ts';
import { ownPaths, loadPair } from '../core/certificate/source.ts';
import { issueSetupToken } from '../core/setup/setup.ts';
import { hasUsers } from '../core/users/users.ts';
import { AppError } from '../lib/errors.ts';
import { exec } from '../platform/exec.ts';
import { findPanelService } from '../platform/panel-service.ts';
import { beService } from '../platform/windows/program-host/service-process.ts';
import { PANEL_SERVICE } from '../platform/windows/panel-service.ts';
import { allAddresses, panelAddresses } from './address.ts';
import { answersHealth, tryToBind } from './checks/network.ts';
import type { Invocation } from './command.ts';
import { prepareDataDir } from './datadir.ts';
import { tell } from './console.ts';
import { setupUrl } from './greeting.ts';
import { explainListen } from './listen.ts';
import { lockDataDir } from './lock.ts';
import { runPanel } from './panel.ts';
import { OWN_SERVICE } from './restart.ts';
import { withStore } from './store.ts';

const system = () => findPanelService(exec);

/** How long the service may take until it answers. */
const START_MS = 20_000;

/** `mantou service install`: also brings an installed service to this version. */
export async function install(call: Invocation): Promise<number> {
  const { print, t } = call;
  refuseElsewhere();
  if (!isCompiled()) throw new AppError('unsupported', (m) => m.service.needsExecutable);
  const config = await serviceConfig(call);
  const { dataDir, port } = config;
  const service = system();
  const before = await service.state();
  if (before.active !== 'active') await refuseWhenTaken(config);
  if (await service.place(process.execPath)) print(t.service.copied({ path: service.executable }));
  const since = Date.now();
  const wanting = await service.start(['--host', config.host, ...(call.values.port === undefined ? [] : ['--port', String(port)])], { dataDir, port });
  await untilItAnswers(config, since);
  if (wanting) call.warn(`mantou: ${wanting(t)}`);
  print(t.service.installed({ unit: service.name }));
  await describe(call, config);
  return 0;
}

/** `mantou service uninstall` */
export async function uninstall({ print, t, values, env }: Invocation): Promise<number> {
  refuseElsewhere();
  const service = system();
  const path = (await service.dataDir()) ?? findDataDir(values, env).dataDir;
  if (!(await service.state()).installed) throw new AppError('not_found', (m) => m.service.notInstalled);
  await service.remove();
  print(t.service.removed({ unit: service.name }));
  print(t.service.kept({ dataDir: path, executable: service.executable }));
  return 0;
}

/** `mantou service status`: exit code 0 when it runs, 3 when it does not (LSB 5.0, 22.2). */
export async function status(call: Invocation): Promise<number> {
  const { print, t } = call;
  refuseWithout();
  const service = system();
  const state = await service.state();
  if (!state.installed) {
    print(t.service.notInstalled);
    return 3;
  }
  print(t.service.state({ unit: service.name, active: state.active, enabled: state.enabled }));
  if (state.active !== 'active') return 3;
  // The data directory is the administrator's: others learn that it runs, not where the set-up begins.
  if (service.changeRefusal() === null) await describe(call, await serviceConfig(call));
  return 0;
}

/** `mantou service run`: what Windows starts. Elsewhere `mantou serve` is what a service runs. */
export async function run({ values, env, t, warn }: Invocation): Promise<number> {
  const served = process.platform === 'win32' && (await beService(PANEL_SERVICE, async ({ running, signal }) => {
    // As a person's Ctrl+C: the panel closes in order.
    signal.addEventListener('abort', () => process.emit('SIGTERM'));
    running();
    // There is no console to print to; what matters is in the log.
    try {
      const code = await runPanel(loadConfig(values, env), { t, print: () => {}, env: { ...env, [OWN_SERVICE]: PANEL_SERVICE } });
      // Whoever ends without being asked to wants to be started again.
      return signal.aborted ? 0 : code || 1;
    } catch (error) {
      sayInLog(findDataDir(values, env).dataDir, error instanceof AppError ? tell(error, t) : String((error as Error).message));
      // A setting that is not accepted is not accepted the next time either.
      return error instanceof UsageError ? 0 : 1;
    }
  }));
  if (served) return 0;
  warn(`mantou: ${t.service.runAlone}`);
  return 2;
}

/** Nobody sees a service's console, and the panel's own log is not open before it is up. */
function sayInLog(dataDir: string, text: string) {
  try {
    mkdirSync(join(dataDir, 'logs'), { recursive: true });
    appendFileSync(join(dataDir, 'logs', 'service.log'), `${new Date().toISOString()} ${text}\n`);
  } catch {
    // The data directory itself may be what is wrong.
  }
}

function refuseWithout() {
  const why = system().refusal();
  if (why) throw new AppError('unsupported', why);
}

function refuseElsewhere() {
  refuseWithout();
  const why = system().changeRefusal();
  if (why) throw new AppError('denied', why);
}

/** All addresses; config.toml of the data directory says the rest. Settings in this shell's environment are not the service's. */
async function serviceConfig({ values }: Invocation): Promise<Config> {
  const dataDir = values.dataDir ?? (await system().dataDir()) ?? findDataDir(values, {}).dataDir;
  const config = loadConfig({ ...values, dataDir, host: allAddresses() }, {});
  if (config.port === 0) throw new UsageError('--port 0: a service needs a port that stays the same; give a number from 1 to 65535');
  decideTls(config);
  return config;
}

/** Before anything is changed: a panel that runs by hand, or another program on the port, would keep the service from starting. */
async function refuseWhenTaken(config: Config) {
  await prepareDataDir(config.dataDir);
  lockDataDir(config.dataDir).release();
  const error = await tryToBind(config.host, config.port);
  if (error) throw explainListen(config, error);
}

async function untilItAnswers(config: Config, since: number) {
  const url = `${decideTls(config) ? 'https' : 'http'}://127.0.0.1:${config.port}`;
  while (!(await answersHealth(url, 1000))) {
    if (Date.now() - since > START_MS) {
      const service = system();
      const detail = await service.lastLines(config.dataDir);
      throw new AppError('unavailable', (t) => t.service.silent({ unit: service.name }), { detail });
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
