import { shellWord } from '../../../lib/shell-word.ts';
import type { ContainerInput } from './input.ts';
import { portLine } from './lines.ts';

const flags = (name: string, values: readonly string[]) => values.map((value) => `${name} ${shellWord(value)}`);
const when = (given: unknown, ...text: string[]) => (given ? text : []);

/** The same as a command, an option a line. */
export function asRunLine(input: ContainerInput): string {
  const [entrypoint, ...entryWords] = input.entrypoint;
  return [
    'docker run -d', `--name ${shellWord(input.name)}`,
    ...flags('-p', input.ports.map(portLine)), ...flags('-v', input.mounts), ...flags('-e', input.env), ...flags('-l', pairs(input.labels)),
    ...when(input.network, `--network ${input.network}`), ...when(input.restart !== 'no', `--restart ${input.restart}`),
    ...when(input.memory, `--memory ${input.memory}`), ...when(input.cpus, `--cpus ${input.cpus}`),
    ...when(input.user, `--user ${shellWord(input.user)}`), ...when(input.workingDir, `--workdir ${shellWord(input.workingDir)}`), ...when(input.hostname, `--hostname ${shellWord(input.hostname)}`),
    ...flags('--cap-add', input.capAdd), ...flags('--cap-drop', input.capDrop), ...flags('--device', input.devices.map((one) => `${one.PathOnHost}:${one.PathInContainer}:${one.CgroupPermissions}`)),
    ...when(input.gpus, '--gpus all'), ...when(input.privileged, '--privileged'), ...when(input.readOnly, '--read-only'), ...when(input.init, '--init'), ...when(input.tty, '-it'),
    ...when(input.health, `--health-cmd ${shellWord(input.health)}`), ...when(input.healthInterval, `--health-interval ${input.healthInterval}s`), ...when(input.healthRetries, `--health-retries ${input.healthRetries}`),
    ...when(input.logDriver, `--log-driver ${input.logDriver}`), ...flags('--log-opt', pairs(input.logOptions)),
    ...when(entrypoint, `--entrypoint ${shellWord(entrypoint ?? '')}`),
    [input.image, ...entryWords, ...input.command].map(shellWord).join(' '),
  ].join(' \\\n  ');
}

const pairs = (record: Record<string, string>) => Object.entries(record).map(([key, value]) => `${key}=${value}`);

/** JSON is YAML: a text in double quotes means the same, whatever it holds; `$` is compose's own and is doubled. */
const text = (value: string | number) => (typeof value === 'number' ? String(value) : JSON.stringify(value.replaceAll('$', '$$$$')));

/** The same as a service of compose. */
export function asCompose(input: ContainerInput): string {
  const lines: string[] = ['services:', `  ${/^[a-z0-9][\w-]*$/.test(input.name) ? input.name : 'app'}:`];
  const put = (key: string, value: string | number | boolean | undefined) => void (value !== undefined && value !== '' && value !== false && lines.push(`    ${key}: ${value === true ? 'true' : text(value)}`));
  const list = (key: string, values: readonly string[]) => void (values.length && lines.push(`    ${key}:`, ...values.map((value) => `      - ${text(value)}`)));
  put('image', input.image);
  put('container_name', input.name);
  list('command', input.command);
  list('entrypoint', input.entrypoint);
  list('environment', input.env);
  list('ports', input.ports.map(portLine));
  list('volumes', input.mounts);
  if (/^(host|none|bridge)$|^container:/.test(input.network)) put('network_mode', input.network);
  else if (input.network) list('networks', [input.network]);
  put('restart', input.restart === 'no' ? undefined : input.restart);
  put('mem_limit', input.memory || undefined);
  put('cpus', input.cpus || undefined);
  put('user', input.user);
  put('working_dir', input.workingDir);
  put('hostname', input.hostname);
  list('labels', pairs(input.labels));
  list('cap_add', input.capAdd);
  list('cap_drop', input.capDrop);
  list('devices', input.devices.map((one) => `${one.PathOnHost}:${one.PathInContainer}:${one.CgroupPermissions}`));
  put('privileged', input.privileged);
  put('read_only', input.readOnly);
  put('init', input.init);
  put('tty', input.tty);
  if (input.health) lines.push('    healthcheck:', `      test: ${input.health === 'NONE' ? '["NONE"]' : `["CMD-SHELL", ${text(input.health)}]`}`, ...(input.healthInterval ? [`      interval: ${input.healthInterval}s`] : []), ...(input.healthRetries ? [`      retries: ${input.healthRetries}`] : []));
  if (input.logDriver) lines.push('    logging:', `      driver: ${text(input.logDriver)}`, ...(pairs(input.logOptions).length ? ['      options:', ...Object.entries(input.logOptions).map(([key, value]) => `        ${text(key)}: ${text(value)}`)] : []));
  const volumes = input.mounts.map((mount) => mount.split(':')[0]!).filter((source) => !/[/\\]/.test(source));
  if (volumes.length) lines.push('volumes:', ...[...new Set(volumes)].map((name) => `  ${name}: {}`));
  if (input.network && !/^(host|none|bridge)$|^container:/.test(input.network)) lines.push('networks:', `  ${input.network}:`, '    external: true');
  return `${lines.join('\n')}\n`;
}
