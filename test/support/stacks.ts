import { afterEach, beforeAll, beforeEach, expect } from 'bun:test';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Actor } from '../../src/core/app.ts';
import { getStack } from '../../src/core/stacks/stacks.ts';
import { readTexts, type StackText } from '../../src/core/stacks/texts.ts';
import { getTask } from '../../src/core/tasks/tasks.ts';
import type { Role } from '../../src/db/schema/users.ts';
import { AppError } from '../../src/lib/errors.ts';
import { hashOf } from '../../src/lib/text-hash.ts';
import { createFakeHost } from '../../src/platform/fake/host.ts';
import { testApp, type TestApp } from './app.ts';
import { COMPOSE_FORMS, type ComposeForm } from './compose.ts';
import { busyboxImage, engine } from './docker.ts';
import { needs } from './needs.ts';

export const FOREVER = 'while true; do sleep 1; done';

/** A panel on the real engine, with one form of Compose; what is left of the machine is made up. */
export function realPanel(form: ComposeForm): TestApp {
  const docker = engine();
  return testApp({ docker, app: { exec: form.exec, host: { ...createFakeHost({ docker }), kind: 'linux' } } });
}

/** What is left of a project of Compose. */
export async function removeProject(project: string): Promise<void> {
  const filters = { label: [`com.docker.compose.project=${project}`] };
  const docker = engine();
  for (const { Id } of (await docker.ask({ path: '/containers/json', query: { all: true, filters } })) as { Id: string }[]) await docker.ask({ method: 'DELETE', path: `/containers/${Id}`, query: { force: true, v: true } }).catch(() => {});
  // One by one: an engine that prunes for somebody else refuses a second prune, of whatever kind.
  for (const { Id } of (await docker.ask({ path: '/networks', query: { filters } })) as { Id: string }[]) await docker.ask({ method: 'DELETE', path: `/networks/${Id}` }).catch(() => {});
  for (const { Name } of ((await docker.ask({ path: '/volumes', query: { filters } })) as { Volumes: { Name: string }[] | null }).Volumes ?? []) await docker.ask({ method: 'DELETE', path: `/volumes/${Name}`, query: { force: true } }).catch(() => {});
}

/** The same tests with each form of Compose: each on a panel of its own, and nothing is left of the stacks that it named. */
export function stackTests(label: string, declare: (it: ReturnType<typeof needs>, kit: StackKit) => void, ...more: Parameters<typeof needs>): void {
  for (const form of COMPOSE_FORMS) {
    const it = needs('docker', 'busybox', form.need, ...more);
    it.describe(form.kind, () => declare(it, stackKit(label, form, it.ok)));
  }
}

export type StackKit = ReturnType<typeof stackKit>;

function stackKit(label: string, form: ComposeForm, ok: boolean) {
  const names: string[] = [];
  const outside: string[] = [];
  let count = 0;
  const kit = {
    form,
    panel: undefined as unknown as TestApp,
    admin: undefined as unknown as Actor,
    image: '',
    prefix: `mt${label}${form.kind[0]}${process.pid}`,
    /** A name that no other run of these tests has. */
    name() {
      const made = `${kit.prefix}-${count++}`;
      names.push(made);
      return made;
    },
    /** A folder beside the panel's. */
    folder() {
      const made = realpathSync(mkdtempSync(join(tmpdir(), 'mantou-stack-')));
      outside.push(made);
      return made;
    },
    actor: (role: Role): Actor => ({ kind: 'user', userId: kit.panel.app.random.id(), name: role, role, sessionId: null, tokenId: null, ip: '' }),
    service: (command: string, more = '') => `services:\n  web:\n    image: ${kit.image}\n    command: ${JSON.stringify(['sh', '-c', command])}\n    stop_grace_period: 1s\n${more}`,
    /** Runs a task to its end: how it ended, and its log. */
    async ended(id: string) {
      await kit.panel.app.tasks.settled(id);
      const path = kit.panel.app.tasks.logPath(id);
      return { ...getTask(kit.panel.app, kit.admin, id), log: existsSync(path) ? readFileSync(path, 'utf8') : '' };
    },
    async change(stack: string, edit: (text: string) => string) {
      const found = await readTexts(await getStack(kit.panel.app, kit.admin, stack));
      const texts: StackText[] = found.map((one, i) => (i === 0 ? { ...one, text: edit(one.text!) } : one));
      return { texts, base: Object.fromEntries(found.map(({ path, text }) => [path, hashOf(text)])) };
    },
    /** Ids of what runs of it. */
    ids: async (stack: string) => (await getStack(kit.panel.app, kit.admin, stack)).containers.map(({ id }) => id),
    /** What somebody does by hand, beside the panel. */
    compose(cwd: string, ...args: string[]) {
      const done = Bun.spawnSync([...form.argv, ...args], { cwd, env: { ...process.env, ...form.env }, stdin: 'ignore', stdout: 'pipe', stderr: 'pipe' });
      expect([done.exitCode, done.exitCode ? done.stderr.toString() : '']).toEqual([0, '']);
    },
  };
  if (!ok) return kit;
  beforeAll(async () => void (kit.image = await busyboxImage()));
  beforeEach(() => {
    kit.panel = realPanel(form);
    kit.admin = kit.actor('admin');
  });
  afterEach(async () => {
    await kit.panel.close();
    for (const one of names.splice(0)) await removeProject(one);
    for (const folder of outside.splice(0)) rmSync(folder, { recursive: true, force: true });
    expect(kit.panel.errors).toEqual([]);
  });
  return kit;
}

export async function refused(work: Promise<unknown>): Promise<AppError> {
  const error = await work.then(() => null, (thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(AppError);
  return error as AppError;
}
