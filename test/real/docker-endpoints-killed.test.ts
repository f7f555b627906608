import { afterAll, beforeAll, expect } from 'bun:test';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { busyboxImage, engine } from '../support/docker.ts';
import { needs } from '../support/needs.ts';
import { post, runPanel, setUp, type RunningPanel } from '../support/panel.ts';
import { testPki } from '../support/pki.ts';
import { removeProject } from '../support/stacks.ts';
import { tlsEngine, type TlsEngine } from '../support/tls-engine.ts';
import { until } from '../support/until.ts';

/** `kill -9` in the middle of a deployment on another engine, which then is away: it is taken back there, and nowhere else. */
const it = needs('linux', 'docker', 'busybox', 'composeProgram', 'openssl');
const SOURCES = [process.execPath, 'src/main.ts'];
const STACK = `mtsx${process.pid}`;
const LABEL = { label: [`com.docker.compose.project=${STACK}`] };
let dataDir = '';
let panel: RunningPanel;
let pki: ReturnType<typeof testPki>;
let tls: TlsEngine;

const containers = async () => (await engine().ask({ path: '/containers/json', query: { all: true, filters: LABEL } })) as { Id: string; State: string; Status: string; Command: string }[];

if (it.ok) {
  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'mantou-far-'));
    pki = testPki();
    tls = await tlsEngine({ ca: pki.ca.cert, pair: pki.leaf('server', ['127.0.0.1']) });
    panel = await runPanel(SOURCES, { dataDir });
  });
  afterAll(async () => {
    await panel.stop();
    tls.stop();
    pki.remove();
    await removeProject(STACK);
    rmSync(dataDir, { recursive: true, force: true });
  });
}

it('S22 a deployment on another engine is taken back on that engine, when it is there again', async () => {
  const image = await busyboxImage();
  const compose = (seconds: number, more = '') => `services:\n  web:\n    image: ${image}\n    command: sleep ${seconds}\n    stop_grace_period: 1s\n${more}`;
  const good = compose(1001);
  const cookie = await setUp(panel);
  const send = async (path: string, fields: Record<string, string> = {}) => {
    const answer = await post(panel, cookie, path, fields);
    return [answer.status, answer.status === 303 ? '' : await answer.text()];
  };
  await send('/docker/endpoints', { name: 'far', kind: 'tls', address: '127.0.0.1', port: String(tls.port), ca: pki.ca.cert, certificate: pki.client.cert, key: pki.client.key });
  const id = /\/docker\/endpoints\/([\w-]{36})\/use/.exec(await (await fetch(`${panel.url}/docker`, { headers: { cookie } })).text())![1]!;
  expect(await send(`/docker/endpoints/${id}/use`)).toEqual([303, '']);
  const at = (path: string) => join(dataDir, 'stacks/.on', id, path);
  const begun = () => existsSync(at(`.kept/${STACK}/begun.json`));
  expect(await send('/stacks', { name: STACK, compose: good, env: '', wait: '60', do: 'deploy' })).toEqual([303, '']);
  await until(async () => !begun() && (await containers()).some(({ Command }) => Command === 'sleep 1001'));
  const never = '    healthcheck: {test: ["CMD", "false"], interval: 120s}\n';
  expect(await send(`/stacks/${STACK}/edit`, { do: 'deploy', wait: '300', text0: compose(1002, never), text1: '' })).toEqual([303, '']);
  await until(async () => (await containers()).some(({ Command, Status }) => Command === 'sleep 1002' && Status.includes('health: starting')));
  // Under a deployment nothing is switched.
  expect((await send('/docker/endpoints/here/use'))[0]).toBe(409);
  panel.kill('SIGKILL');
  await panel.exited;
  tls.hang(true);
  panel = await runPanel(SOURCES, { dataDir });
  // It waits for its engine, and keeps nobody there.
  expect(await send('/docker/endpoints/here/use')).toEqual([303, '']);
  expect([begun(), readFileSync(at(`${STACK}/compose.yml`), 'utf8') === good, existsSync(join(dataDir, 'stacks', STACK))]).toEqual([true, false, false]);
  tls.hang(false);
  expect(await send(`/docker/endpoints/${id}/use`)).toEqual([303, '']);
  await until(() => !begun());
  expect(readFileSync(at(`${STACK}/compose.yml`), 'utf8')).toBe(good);
  expect((await containers()).map(({ State, Command }) => [State, Command])).toEqual([['running', 'sleep 1001']]);
  expect(panel.errorLog()).toBe('');
});
