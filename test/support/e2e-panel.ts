import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'bun:test';
import { mkdtempSync, readdirSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import type { Role } from '../../src/db/schema/users.ts';
import { launch, openPage, type Watched } from './browser.ts';
import { executable } from './executable.ts';
import { post, runPanel, setUp, signIn, type RunningPanel } from './panel.ts';

/** What everybody here signs in with; the administrator is lin. */
const PASSWORD = 'steamed bun 2026';

export interface OpenOptions extends BrowserContextOptions {
  /** `Cookie` header of a session; null for a stranger. Default: the administrator's. */
  as?: string | null;
}

interface E2ePanelOptions {
  /** Is `root` empty for each test, or one for all of the file? */
  root: 'each' | 'once';
  /** More flags for the browser. */
  flags?: readonly string[];
  /** More words for `serve`: '--demo'. */
  args?: readonly string[];
}

/**
 * What a file of tests in a browser needs: the panel as people run it, which is the compiled executable on a real disk,
 * an administrator who is signed in, a browser, and a folder. Call it once, at the top. It ends with an empty error log.
 */
export function e2ePanel(it: { ok: boolean }, { root: every, flags = [], args = [] }: E2ePanelOptions) {
  const self = {
    browser: undefined as unknown as Browser,
    panel: undefined as unknown as RunningPanel,
    /** `Cookie` header of the administrator's session. */
    cookie: '',
    root: '',
    /** Where browsers reach the panel, when something stands between. */
    through: '',
  };
  let command = '';
  let dataDir = '';
  let token = '';
  const folder = (name: string) => realpathSync(mkdtempSync(join(tmpdir(), `mantou-e2e-${name}-`)));
  const remove = (path: string) => path && rmSync(path, { recursive: true, force: true });
  const start = async (port?: number) => void (self.panel = await runPanel([command], { dataDir, args: [...args, ...(port ? ['--port', String(port)] : [])] }));

  if (it.ok) {
    beforeAll(async () => {
      command = await executable();
      dataDir = folder('data');
      if (every === 'once') self.root = folder('files');
      [self.browser] = await Promise.all([launch(flags), start()]);
      self.cookie = await setUp(self.panel, 'lin', PASSWORD);
    });
    afterAll(async () => {
      await self.browser?.close();
      if (self.panel) {
        expect(await self.panel.stop()).toBe(0);
        expect(self.panel.errorLog()).toBe('');
      }
      [dataDir, every === 'once' ? self.root : ''].forEach(remove);
    });
    if (every === 'each') {
      beforeEach(() => void (self.root = folder('files')));
      afterEach(() => remove(self.root));
    }
  }

  const origin = () => self.through || self.panel.url;

  /** A page of a browser that is signed in, before it went anywhere. */
  async function newPage({ as = self.cookie, ...options }: OpenOptions = {}): Promise<Watched> {
    const opened = await openPage(self.browser, { reducedMotion: 'reduce', ...options });
    const pairs = as ? as.split('; ').map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)] as const) : [];
    await opened.context.addCookies(pairs.map(([name, value]) => ({ name, value, url: origin() })));
    return opened;
  }

  /** `mantou …` on the panel's data, as somebody on the machine runs it. */
  async function cli(args: readonly string[], input = ''): Promise<string> {
    const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: dataDir };
    const child = Bun.spawn([command, ...args, '--data-dir', dataDir], { cwd: dataDir, env, stdin: Buffer.from(input), stdout: 'pipe', stderr: 'pipe' });
    const [said, wrong, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
    expect([code, wrong]).toEqual([0, '']);
    return said.trim();
  }

  const bearer = async () => ({ authorization: `Bearer ${(token ||= await cli(['token', 'add', '--user', 'lin', '--name', 'tests']))}` });

  return Object.assign(self, {
    origin, newPage,
    /** A page of the panel in a browser that is signed in. */
    async open(path: string, options: OpenOptions = {}): Promise<Watched> {
      const opened = await newPage(options);
      await opened.page.goto(origin() + path);
      return opened;
    },
    /** A further session of the administrator: its `Cookie` header. */
    signIn: () => signIn(self.panel, 'lin', PASSWORD),
    /** Adds somebody with that role and signs them in. */
    async person(role: Role, name: string = role): Promise<string> {
      await cli(['user', 'add', name, '--role', role, '--password-stdin'], PASSWORD);
      return signIn(self.panel, name, PASSWORD);
    },
    /** A form that is sent by a session that no test looks at. */
    async post(path: string, fields: Record<string, string>, cookie = self.cookie): Promise<void> {
      const answer = await post(self.panel, cookie, path, fields);
      expect([answer.status, answer.status === 303 ? '' : await answer.text()]).toEqual([303, '']);
    },
    async api(path: string, body?: object): Promise<any> {
      const headers = { ...(await bearer()), 'content-type': 'application/json' };
      const answer = await fetch(`${self.panel.url}/api/v1${path}`, { headers, ...(body ? { method: 'PATCH', body: JSON.stringify(body) } : {}) });
      expect(answer.status).toBe(200);
      return answer.json();
    },
    /** How many pages are connected to an event stream. */
    async streams(): Promise<number> {
      const text = await (await fetch(`${self.panel.url}/metrics`, { headers: await bearer() })).text();
      return Number(/^mantou_panel_event_streams (\d+)$/m.exec(text)![1]);
    },
    /** Files and folders at or below this path that the panel holds open. */
    held: (path: string) => descriptors(self.panel.pid).filter((one) => one === path || one.startsWith(`${path}/`)),
    async kill(): Promise<void> {
      self.panel.kill('SIGKILL');
      await self.panel.exited;
    },
    /** The panel on the same data, at another port unless one is given. */
    start,
  });
}

export type E2ePanel = ReturnType<typeof e2ePanel>;

function descriptors(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).flatMap((fd) => {
    try {
      return [readlinkSync(join(folder, fd))];
    } catch {
      // Closed meanwhile.
      return [];
    }
  });
}
