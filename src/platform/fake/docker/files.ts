import type { Hono } from 'hono';
import { createTarReader } from '../../../lib/tar-read.ts';
import { TAR_END, tarHeader, tarPadding } from '../../../lib/tar-write.ts';
import type { FakeContainer } from './containers.ts';

/** A file or folder that does not exist; its path is its key. */
interface FakeFile {
  type: 'file' | 'folder';
  text: string;
  mode: number;
  modified: number;
}

type Tree = Map<string, FakeFile>;

const MADE: Record<string, string> = {
  '/app/server.js': "import { createServer } from 'node:http';\n\ncreateServer((request, response) => response.end('馒头\\n')).listen(3000);\n",
  '/app/package.json': '{\n  "name": "app",\n  "private": true\n}\n',
  '/app/.env.example': 'PORT=3000\n',
  '/etc/hostname': 'made-up\n',
  '/etc/motd': 'Nothing here is real.\n',
  '/etc/nginx/nginx.conf': 'events {}\nhttp {\n  server {\n    listen 80;\n  }\n}\n',
  '/data/notes 2026.txt': 'steam, ten minutes\n',
  '/usr/bin/env': '\x7fELF\0\0\0',
  '/tmp/cache/a': '',
};

const parentOf = (path: string) => path.slice(0, Math.max(1, path.lastIndexOf('/')));

function treeOf(now: number): Tree {
  const tree: Tree = new Map([['/', { type: 'folder', text: '', mode: 0o755, modified: now }]]);
  for (const [path, text] of Object.entries(MADE)) {
    for (let at = parentOf(path); at !== '/'; at = parentOf(at)) tree.set(at, { type: 'folder', text: '', mode: 0o755, modified: now - 86_400_000 });
    tree.set(path, { type: 'file', text, mode: 0o644, modified: now - 3_600_000 });
  }
  return tree;
}

const normal = (path: string) => `/${path.split('/').filter((part) => part !== '' && part !== '.').join('/')}`;
const below = (tree: Tree, path: string) => [...tree.keys()].filter((one) => one === path || one.startsWith(path === '/' ? '/' : `${path}/`)).toSorted();
const nothing = (path: string) => Response.json({ message: `Could not find the file ${path} in container` }, { status: 404 });

interface Needs {
  find(id: string): FakeContainer | undefined;
  missing(id: string): Response;
  now(): number;
}

/** Files of made-up containers, by archives as the engine has them; what the panel runs in a container is understood by its words. */
export function fakeFiles(engine: Hono, { find, missing, now }: Needs) {
  const trees = new Map<string, Tree>();
  const execs = new Map<string, { out: string; code: number }>();
  const of = (one: FakeContainer) => {
    const tree = trees.get(one.id) ?? treeOf(now());
    trees.set(one.id, tree);
    return tree;
  };

  engine.get('/containers/:id/archive', (c) => {
    const one = find(c.req.param('id'));
    if (!one) return missing(c.req.param('id'));
    const tree = of(one);
    const path = normal(c.req.query('path') ?? '/');
    if (!tree.has(path)) return nothing(path);
    const base = (c.req.query('path') ?? '').endsWith('/.') ? '.' : path.slice(path.lastIndexOf('/') + 1) || '.';
    const entries = below(tree, path).map((at) => {
      const file = tree.get(at)!;
      const bytes = Buffer.from(file.text);
      const name = Buffer.from(at === path ? base : `${base}/${at.slice(path === '/' ? 1 : path.length + 1)}`);
      return Buffer.concat([tarHeader({ name, type: file.type, size: bytes.length, mode: file.mode, uid: 0, gid: 0, modified: file.modified }), bytes, tarPadding(bytes.length)]);
    });
    return new Response(Buffer.concat([...entries, TAR_END]), { headers: { 'content-type': 'application/x-tar' } });
  });

  engine.put('/containers/:id/archive', async (c) => {
    const one = find(c.req.param('id'));
    if (!one) return missing(c.req.param('id'));
    const tree = of(one);
    const folder = normal(c.req.query('path') ?? '/');
    if (tree.get(folder)?.type !== 'folder') return nothing(folder);
    const reader = createTarReader((async function* () {
      yield Buffer.from(await c.req.arrayBuffer());
    })());
    for (let head = await reader.next(); head; head = await reader.next()) {
      const parts: Buffer[] = [];
      for await (const piece of reader.body()) parts.push(piece);
      tree.set(normal(`${folder}/${head.name}`), { type: head.type === 'folder' ? 'folder' : 'file', text: Buffer.concat(parts).toString(), mode: head.mode, modified: head.modified });
    }
    return new Response(null, { status: 200 });
  });

  engine.post('/containers/:id/exec', async (c) => {
    const one = find(c.req.param('id'));
    if (!one) return missing(c.req.param('id'));
    if (one.state !== 'running') return c.json({ message: `Container ${one.id} is not running` }, 409);
    const { Cmd } = (await c.req.json()) as { Cmd: string[] };
    const [line = '', , ...words] = Cmd.slice(2);
    const id = crypto.randomUUID().replaceAll('-', '');
    execs.set(id, understood(of(one), line, words.map(unspelled)));
    return c.json({ Id: id }, 201);
  });

  engine.post('/exec/:id/start', (c) => {
    const bytes = Buffer.from(execs.get(c.req.param('id'))?.out ?? '');
    const head = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]);
    head.writeUInt32BE(bytes.length, 4);
    return new Response(Buffer.concat([head, bytes]));
  });

  engine.get('/exec/:id/json', (c) => c.json({ Running: false, ExitCode: execs.get(c.req.param('id'))?.code ?? 127, ProcessConfig: {} }));
}

const unspelled = (word: string) => Buffer.from(word.replace(/\\0([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8))), 'latin1').toString();

/** What core/containers asks of a shell, known by what only that line has in it. */
function understood(tree: Tree, line: string, words: readonly string[]): { out: string; code: number } {
  const [first = '/', second = ''] = words;
  const path = normal(first);
  const there = tree.get(path);
  if (!there) return { out: '', code: 3 };
  if (line.includes('readlink -f')) return { out: path, code: 0 };
  if (line.includes('xargs')) return there.type === 'folder' ? { out: listed(tree, path, second), code: 0 } : { out: '', code: 3 };
  if (line.includes('rm -rf')) return moved(tree, path, null);
  if (line.includes('mv "$p"')) return tree.has(normal(second)) ? { out: '', code: 6 } : moved(tree, path, normal(second));
  return { out: there.text, code: 0 };
}

function moved(tree: Tree, path: string, to: string | null) {
  for (const at of below(tree, path)) {
    const file = tree.get(at)!;
    tree.delete(at);
    if (to) tree.set(to + at.slice(path.length), file);
  }
  return { out: '', code: 0 };
}

function listed(tree: Tree, path: string, mark: string): string {
  const lines = below(tree, path).filter((at) => at !== path && parentOf(at) === path).map((at) => {
    const { type, text, mode, modified } = tree.get(at)!;
    const name = `./${at.slice(at.lastIndexOf('/') + 1)}`;
    return `${mark}${((type === 'folder' ? 0o40000 : 0o100000) | mode).toString(16)} ${Buffer.byteLength(text)} 0 0 root root ${Math.floor(modified / 1000)} ${name}/${mark}/${name}\n`;
  });
  return `${path}\n${lines.join('')}`;
}
