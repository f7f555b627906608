import { join } from 'node:path';
import { decideTls, type Config } from '../config/load.ts';
import { ownCommand } from '../config/paths.ts';
import type { App, Panel } from '../core/app.ts';
import { seedBlocks } from '../core/blocks/demo.ts';
import { openCertificate, type CertificateSource } from '../core/certificate/source.ts';
import { tendArmed } from '../core/armed/tend.ts';
import { createContainerWatch } from '../core/containers/watch.ts';
import { createEngines, withEngines } from '../core/docker/endpoints/engines.ts';
import { settleChosen } from '../core/docker/endpoints/use.ts';
import { startGuard } from '../core/guard/watch.ts';
import { seedFiles } from '../core/files/demo.ts';
import { seedFirewall } from '../core/firewall/demo.ts';
import { seedHistory } from '../core/metrics/demo.ts';
import { sweepParts } from '../core/files/sweep.ts';
import { takeOverPackages } from '../core/packages/packages.ts';
import { createSampler } from '../core/metrics/sampler.ts';
import { createSecrets, loadMasterKey } from '../core/secrets/secrets.ts';
import { issueSetupToken } from '../core/setup/setup.ts';
import { sweepBuilds } from '../core/images/build/git.ts';
import { sweepConfigs } from '../core/registries/config-folder.ts';
import { createTaskRunner } from '../core/tasks/runner.ts';
import { createTerminalHost } from '../core/terminal/host.ts';
import { followRecordings, settleRecordings } from '../core/terminal/recordings/record.ts';
import { followTerminals, settleTerminals } from '../core/terminal/terminals.ts';
import { hasUsers } from '../core/users/users.ts';
import { loadAssets } from '../http/assets.ts';
import type { Messages } from '../i18n/en.ts';
import { exec } from '../platform/exec.ts';
import { createHost } from '../platform/create.ts';
import { createScripts } from '../platform/scripts.ts';
import { sweepHandovers } from '../platform/ssh/handover.ts';
import { createServer } from '../server.ts';
import { VERSION } from '../version.ts';
import { panelAddresses } from './address.ts';
import { followChanges } from './changes.ts';
import { tell, tellAll } from './console.ts';
import { prepareDataDir } from './datadir.ts';
import { logFaults } from './faults.ts';
import { greeting, writesToJournal, type Greeting } from './greeting.ts';
import { keepHouse, keepTerminals } from './housekeeping.ts';
import { listen, type Listener } from './listen.ts';
import { lockDataDir } from './lock.ts';
import { keepPublished } from './published.ts';
import { restartWay, SUCCESSOR } from './restart.ts';
import { onSignals } from './signals.ts';
import { createStopper } from './stop.ts';
import { openStore } from './store.ts';
import { keepBlocks } from './firewall.ts';
import { keepUpdates } from './updates.ts';

export interface Surroundings {
  t: Messages;
  print(line: string): void;
  env: Record<string, string | undefined>;
}

/** A panel that was started by the one before it waits so long for the data directory and the port. */
const HANDOVER_MS = 10_000;

/**
 * Opens everything in order, serves, and closes it again in reverse when it is told to stop.
 * @returns the exit code, when the panel has stopped
 * @throws UsageError, AppError when the settings, the data directory, the database or the address cannot be used
 */
export async function runPanel(config: Config, around: Surroundings): Promise<number> {
  const tls = decideTls(config);
  const handover = around.env[SUCCESSOR] ? HANDOVER_MS : undefined;
  await prepareDataDir(config.dataDir);
  const lock = lockDataDir(config.dataDir, handover);
  const closers: (() => void)[] = [() => lock.release()];
  const { stop, stopped, arm } = createStopper(around, closers);
  try {
    sweepHandovers(config.dataDir);
    const { store, close } = openStore(config.dataDir);
    closers.push(close, logFaults(store.log));
    const certificate = tls ? await openCertificate({ ...store, config, exec, tell }) : null;
    let port: number | undefined;
    let door: Listener | undefined;
    const way = restartWay(around.env, exec, () => port);
    const panel: Panel = {
      startedAt: store.clock.now(),
      tls,
      certificate: () => certificate?.facts() ?? null,
      renewConnections: async () => door && renew(door, store.log, () => void stop('restart', way)),
      restart: () => void stop('restart', way),
      restartRefusal: () => (config.demo ? 'demo' : null),
      restartCommand: () => way.command,
    };
    const app = composeApp(config, store, panel);
    closers.push(() => app.sampler.stop(), () => app.containers.stop(), () => app.engines.stop(), () => app.terminals.close());
    followTerminals(app);
    followRecordings(app);
    const { hono, streams } = createServer(app);
    const pair = certificate?.pair() ?? null;
    const listener = await listen({ config, pair, assets: loadAssets(), hono, waitMs: handover ?? 0 });
    door = listener;
    closers.push(() => listener.abort());
    arm({ app, streams, listener });
    onSignals(() => void stop('stop'), (code) => stopped.resolve(code));
    if (certificate) closers.push(followCertificate(app, certificate, listener, around));
    // First of all: whoever is locked out waits for it, and nothing is put in force again that is to be taken back.
    closers.push(tendArmed(app));
    closers.push(followChanges(app, () => streams.count() > 0), keepHouse(app), keepTerminals(app), keepUpdates(app), keepBlocks(app), startGuard(app), keepPublished(app));
    void settleTerminals(app).catch((error: unknown) => app.log.error('terminals not settled', { error: error as Error }));
    void settleRecordings(app).catch((error: unknown) => app.log.error('recordings not settled', { error: error as Error }));
    takeOverPackages(app);
    // Before anything is started that needs one of its own.
    sweepConfigs(app);
    void sweepBuilds(app).catch((error: unknown) => app.log.error('builds not swept', { error: error as Error }));
    settleChosen(app);
    // What a panel that was killed was writing; nobody waits for it.
    void sweepParts(app).catch((error: unknown) => app.log.error('parts not swept', { error: error as Error }));
    if (config.demo) await Promise.all([seedHistory(app), seedFiles(app), seedFirewall(app), seedBlocks(app)]);
    app.sampler.start();
    const addresses = panelAddresses(config, tls, listener.port);
    lock.describe(addresses.url);
    port = listener.port;
    const facts = certificate?.facts() ?? null;
    const lines = greeting(around.t, { ...config, version: VERSION, addresses, port, certificate: facts, setup: beginSetup(app, around) });
    for (const line of lines) around.print(line);
    store.log.info('started', { version: VERSION, url: addresses.url, pid: process.pid });
    return await stopped.promise;
  } catch (error) {
    for (const close of closers.reverse()) close();
    throw error;
  }
}

/** Without a door only a new start helps. */
async function renew(door: Listener, log: App['log'], restart: () => void) {
  await door.renew().catch((error: unknown) => {
    log.error('listening again failed', { error: error as Error });
    restart();
  });
}

/** A token anew at each start, until there is an administrator. */
function beginSetup(app: App, { env }: Surroundings): Greeting['setup'] {
  if (hasUsers(app)) return null;
  return writesToJournal(env) ? 'kept from the journal' : { token: issueSetupToken(app).token };
}

function composeApp(config: Config, store: ReturnType<typeof openStore>['store'], panel: Panel): App {
  const { dataDir } = config;
  const base = { ...store, config, version: VERSION, exec, panel };
  const scripts = createScripts(exec, join(dataDir, 'scripts'));
  const secrets = createSecrets(loadMasterKey(dataDir, store.random), store.random);
  const machine = createHost(config, exec, scripts, ownCommand);
  const engines = createEngines({ ...base, secrets, host: machine });
  const host = withEngines(machine, engines);
  return {
    ...base, scripts, host, engines, secrets,
    tasks: createTaskRunner({ ...base, folder: join(dataDir, 'tasks'), tell: tellAll }),
    terminals: createTerminalHost(base),
    sampler: createSampler({ ...base, host }),
    containers: createContainerWatch({ ...base, host }),
  };
}

/** Files of others may change at any moment, our own certificate ends on a day that is known. */
const FILES_MS = 5000;
const OWN_MS = 3_600_000;

function followCertificate(app: App, certificate: CertificateSource, listener: Listener, { t, print }: Surroundings): () => void {
  const look = async () => {
    if (!(await certificate.refresh())) return;
    print(t.start.fingerprint(certificate.facts()));
    await listener.swap(certificate.pair()).catch((error: unknown) => {
      // Without a door only a new start helps.
      app.log.error('listening again failed', { error: error as Error });
      app.panel.restart();
    });
  };
  const timer = setInterval(() => void look(), app.config.tlsCert ? FILES_MS : OWN_MS);
  return () => clearInterval(timer);
}
