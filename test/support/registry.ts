/** A registry of images on a free port of this machine, images that nobody has, and a slow way to them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './ports.ts';
import { until } from './until.ts';

export interface TestRegistry {
  /** `127.0.0.1:41234` */
  host: string;
  /** Builds an image with a layer of random bytes for each size; gives its id. */
  build(name: string, sizes: readonly number[]): Promise<string>;
  /** Builds it, sends it here, and forgets it. */
  offer(path: string, sizes: readonly number[]): Promise<void>;
  /** The same registry behind a line that lets a few bytes through now and then. */
  slowly(): { host: string; /** Downloads of layers that are on their way. */ open(): number; stop(): Promise<void> };
  stop(): Promise<void>;
}

async function dockerWith(env: Record<string, string>, ...argv: string[]): Promise<string> {
  const child = Bun.spawn(['docker', ...argv], { env: { ...process.env, DOCKER_BUILDKIT: '0', ...env }, stdout: 'pipe', stderr: 'pipe' });
  const [said, wrong, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  if (code !== 0) throw new Error(`docker ${argv[0]}: ${wrong}`);
  return said.trim();
}

/** @param login who alone may fetch from it and send to it; left out: everybody */
export async function testRegistry(login?: { user: string; password: string }): Promise<TestRegistry> {
  const folder = mkdtempSync(join(tmpdir(), 'mantou-registry-'));
  const host = `127.0.0.1:${freePort()}`;
  const config = join(folder, 'config.yml');
  writeFileSync(config, `version: 0.1\nlog: {level: error}\nstorage: {filesystem: {rootdirectory: ${folder}/data}}\nhttp: {addr: ${host}}\n${login ? `auth: {htpasswd: {realm: test, path: ${folder}/htpasswd}}\n` : ''}`);
  if (login) writeFileSync(join(folder, 'htpasswd'), `${login.user}:${await Bun.password.hash(login.password, { algorithm: 'bcrypt', cost: 4 })}\n`);
  // Signed in like somebody else on this machine, for what a test prepares.
  mkdirSync(join(folder, 'docker'));
  writeFileSync(join(folder, 'docker/config.json'), JSON.stringify(login ? { auths: { [host]: { auth: btoa(`${login.user}:${login.password}`) } } } : {}));
  const docker = (...argv: string[]) => dockerWith({ DOCKER_CONFIG: join(folder, 'docker') }, ...argv);
  const registry = Bun.spawn(['docker-registry', 'serve', config], { stdout: 'ignore', stderr: 'ignore' });
  await until(() => fetch(`http://${host}/v2/`).then(({ status }) => status === (login ? 401 : 200), () => false));

  async function build(name: string, sizes: readonly number[]): Promise<string> {
    const context = mkdtempSync(join(folder, 'build-'));
    const lines = sizes.map((size, i) => {
      writeFileSync(join(context, `layer${i}`), randomBytes(size));
      return `ADD layer${i} /`;
    });
    writeFileSync(join(context, 'Dockerfile'), `FROM scratch\n${lines.join('\n')}\nCMD ["/layer0"]\n`);
    return docker('build', '-q', '-t', name, context);
  }

  return {
    host, build,
    async offer(path, sizes) {
      const name = `${host}/${path}`;
      await build(name, sizes);
      await docker('push', '-q', name);
      await docker('image', 'rm', name);
    },
    slowly() {
      let open = 0;
      const server = Bun.serve({
        hostname: '127.0.0.1', port: 0, idleTimeout: 0,
        async fetch(request) {
          const { pathname, search } = new URL(request.url);
          const answer = await fetch(`http://${host}${pathname}${search}`, { method: request.method, headers: { accept: request.headers.get('accept') ?? '*/*' } });
          const headers = new Headers(answer.headers);
          if (request.method !== 'GET' || !pathname.includes('/blobs/') || Number(headers.get('content-length')) < 100_000) return new Response(request.method === 'HEAD' ? null : await answer.arrayBuffer(), { status: answer.status, headers });
          const bytes = new Uint8Array(await answer.arrayBuffer());
          open++;
          let at = 0;
          let over = false;
          const close = () => void (over ||= (open--, true));
          const body = new ReadableStream<Uint8Array>({
            async pull(controller) {
              await Bun.sleep(50);
              if (over) return;
              controller.enqueue(bytes.subarray(at, (at += 20_000)));
              if (at >= bytes.length) {
                close();
                controller.close();
              }
            },
            cancel: close,
          });
          request.signal.addEventListener('abort', close);
          return new Response(body, { headers });
        },
      });
      return { host: `127.0.0.1:${server.port}`, open: () => open, stop: () => server.stop(true) };
    },
    async stop() {
      registry.kill();
      await registry.exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
