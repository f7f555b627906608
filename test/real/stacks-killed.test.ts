import { Database } from 'bun:sqlite';
import { afterAll, beforeAll, expect } from 'bun:test';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COMPOSE_FORMS, type ComposeForm } from '../support/compose.ts';
import { pluginFolder } from '../support/compose-plugin.ts';
import { busyboxImage, engine } from '../support/docker.ts';
import { needs } from '../support/needs.ts';
import { post, runPanel, setUp, type RunningPanel } from '../support/panel.ts';
import { removeProject } from '../support/stacks.ts';
import { until } from '../support/until.ts';

/** `kill -9` in the middle of a deployment: the next start of the panel returns to what ran before, files and containers. */
const SOURCES = [process.execPath, 'src/main.ts'];
/** A panel of its own process finds the plugin where machines have it: in a mount namespace that is there, and nowhere else. */
const WITH_PLUGIN = ['unshare', '-m', 'sh', '-c', 'mount -t tmpfs none /usr/local/lib && mkdir /usr/local/lib/docker && mount --bind "$1" /usr/local/lib/docker && shift && exec "$@"', 'sh', pluginFolder];

for (const form of COMPOSE_FORMS) {
  const it = needs('linux', 'docker', 'busybox', form.need, ...(form.kind === 'plugin' ? (['root', 'unshare'] as const) : []));
  it.describe(form.kind, () => killed(it, form));
}

function killed(it: ReturnType<typeof needs>, { kind }: ComposeForm) {
  const stack = `mtsk${kind[0]}${process.pid}`;
  const command = kind === 'plugin' ? [...WITH_PLUGIN, ...SOURCES] : SOURCES;
  const panels: RunningPanel[] = [];
  let root = '';
  let image = '';

  type Listed = { Id: string; Status: string; State: string; Command: string }[];
  const containers = async () => (await engine().ask({ path: '/containers/json', query: { all: true, filters: { label: [`com.docker.compose.project=${stack}`] } } })) as Listed;
  const file = () => readFileSync(join(root, 'stacks', stack, 'compose.yml'), 'utf8');
  const begun = () => existsSync(join(root, 'stacks/.kept', stack, 'begun.json'));

  if (it.ok) {
    beforeAll(async () => {
      root = mkdtempSync(join(tmpdir(), 'mantou-killed-'));
      image = await busyboxImage();
    });
    afterAll(async () => {
      for (const panel of panels) await panel.stop();
      await removeProject(stack);
      rmSync(root, { recursive: true, force: true });
    });
  }

  async function start(): Promise<RunningPanel> {
    const panel = await runPanel(command, { dataDir: root });
    panels.push(panel);
    return panel;
  }

  const compose = (seconds: number, more = '') => `services:\n  web:\n    image: ${image}\n    command: sleep ${seconds}\n    stop_grace_period: 1s\n${more}`;
  const NEVER = '    healthcheck: {test: ["CMD", "false"], interval: 120s}\n';

  it('a deployment in which the panel is killed is taken back when it starts again, whenever that was', async () => {
    let panel = await start();
    const cookie = await setUp(panel);
    const good = compose(1001);
    const made = await post(panel, cookie, '/stacks', { name: stack, compose: good, env: '', wait: '60', do: 'deploy' });
    expect([made.status, made.status === 303 ? '' : await made.text()]).toEqual([303, '']);
    await until(async () => !begun() && (await containers()).some(({ Command }) => Command === 'sleep 1001'));

    const moments: [string, () => Promise<boolean>][] = [
      ['as soon as the files are others', async () => file() !== good],
      ['while it waits for health', async () => (await containers()).some(({ Command, Status }) => Command === 'sleep 1002' && Status.includes('health: starting'))],
    ];
    for (const [when, moment] of moments) {
      expect((await post(panel, cookie, `/stacks/${stack}/edit`, { do: 'deploy', wait: '300', text0: compose(1002, NEVER), text1: '' })).status).toBe(303);
      await until(moment);
      panel.kill('SIGKILL');
      await panel.exited;
      expect([when, begun(), file() === good]).toEqual([when, true, false]);
      panel = await start();
      await until(() => !begun());
      expect([when, file()]).toEqual([when, good]);
      expect((await containers()).map(({ State, Command }) => [State, Command])).toEqual([['running', 'sleep 1001']]);
    }
    const db = new Database(join(root, 'mantou.db'), { readonly: true });
    const rows = db.query("SELECT kind, state FROM tasks WHERE kind LIKE 'stacks.%' ORDER BY id").values();
    db.close();
    // Of the last one the row is written a moment after the copy is let go of.
    expect(rows.slice(0, -1)).toEqual([['stacks.deploy', 'done'], ['stacks.deploy', 'interrupted'], ['stacks.return', 'done'], ['stacks.deploy', 'interrupted']]);
    expect(panel.errorLog()).toBe('');
  });
}
