import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findDataDir, loadConfig, type Config } from '../config/load.ts';
import { UsageError } from '../config/option.ts';
import { systemClock } from '../lib/clock.ts';
import { exec } from '../platform/exec.ts';
import { findPanelService } from '../platform/panel-service.ts';
import { VERSION } from '../version.ts';
import { fail, ok, type Check, type Finding } from './checks/check.ts';
import { clockCheck, dockerCheck, firewallCheck, serviceCheck, sourcesCheck } from './checks/machine.ts';
import { portCheck, tlsCheck } from './checks/network.ts';
import { dataDirCheck, databaseCheck, keyCheck } from './checks/storage.ts';
import { allAddresses } from './address.ts';
import type { Invocation } from './command.ts';

const CHECKS: readonly Check[] = [
  dataDirCheck, databaseCheck, keyCheck, portCheck, tlsCheck, serviceCheck, sourcesCheck, dockerCheck, firewallCheck, clockCheck,
];

/** `mantou doctor`: looks, changes nothing, says what to do. Exit code 1 when something fails; warnings do not count. */
export async function doctor(call: Invocation): Promise<number> {
  const { t, print } = call;
  if (call.values.windowsSelftest) return (await import('./windows-selftest.ts')).windowsSelftest(call);
  const findings: Finding[] = [];
  const show = (found: Finding) => {
    findings.push(found);
    print(`${found.state.padEnd(4)}  ${t.doctor.names[found.name]}: ${found.say(t)}`);
  };
  const system = `${process.platform} ${process.arch}`;
  show(ok('version', (m) => m.doctor.version({ version: VERSION, bun: Bun.version, system })));
  const { config, found } = await readConfig(call);
  show(found);
  const patient = { config, exec, now: systemClock.now() };
  for (const check of CHECKS) show(await check(patient));
  const failed = findings.filter(({ state }) => state === 'fail').length;
  print('');
  print(failed ? t.doctor.summaryFail({ n: failed }) : t.doctor.summaryGood);
  return failed ? 1 : 0;
}

/** A broken config.toml is one of the things to find: the rest is then looked at with what flags and defaults say. */
async function readConfig({ values: given, env }: Invocation): Promise<{ config: Config; found: Finding }> {
  const { dataDir } = findDataDir(given, env);
  // The service listens where its unit says.
  const values = (await findPanelService(exec).dataDir()) === dataDir ? { host: allAddresses(), ...given } : given;
  const path = join(dataDir, 'config.toml');
  try {
    const found = ok('config', (t) => (existsSync(path) ? t.doctor.config({ path }) : t.doctor.noConfig));
    return { config: loadConfig(values, env), found };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { config: loadConfig(values, env, {}), found: fail('config', () => error.message) };
  }
}
