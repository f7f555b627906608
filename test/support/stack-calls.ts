import { expect } from 'bun:test';
import type { Init } from './app.ts';

type Run = (id: string, path: string, init?: Init) => Promise<unknown>;

const json = (method: string, body: unknown): Init => ({ method, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });

/** What would change stacks; on the made-up machine each is refused as unsupported, on a real one each is done. */
export async function stackChanges(name: string, compose: string, run: Run, settle: (task: { id: string }) => Promise<void>) {
  const done = async (id: string, path: string, init: Init) => settle((await run(id, path, init)) as { id: string });
  const here = `/stacks/${name}`;
  await run('stacks.create', '/stacks', json('POST', { name, compose }));
  const { files = [] } = ((await run('stacks.files', `${here}/files`)) ?? {}) as { files?: { path: string; text: string; hash: string }[] };
  const [file] = files;
  const changed = { files: file ? [{ ...file, text: `${file.text}# more\n` }] : [] };
  await run('stacks.validate', `${here}/validate`, json('POST', changed));
  await run('stacks.change', `${here}/files`, json('PUT', changed));
  await run('stacks.addFile', `${here}/folder`, json('POST', { path: 'conf/a.conf', base64: btoa('a\n') }));
  await run('stacks.folder', `${here}/folder`);
  await run('stacks.file', `${here}/folder/file?path=conf/a.conf`);
  await run('stacks.moveFile', `${here}/folder/move`, json('POST', { path: 'conf/a.conf', to: 'b.conf' }));
  await run('stacks.dropFile', `${here}/folder?path=b.conf`, { method: 'DELETE' });
  await done('stacks.deploy', `${here}/deploy`, json('POST', { wait: 30 }));
  await done('stacks.act', `${here}/act`, json('POST', { action: 'restart' }));
  await done('stacks.scale', `${here}/scale`, json('POST', { service: 'web', count: 2 }));
  await done('stacks.remove', here, { method: 'DELETE' });
}

/** What only looks, at a stack of the made-up machine, which nobody has edited. */
export async function stackLooks(run: Run, missing: (id: string, path: string, init?: Init) => Promise<void>, text: (id: string, path: string) => Promise<string>) {
  expect(await run('stacks.versions', '/stacks/shop/versions')).toEqual({ versions: [] });
  const version = '/stacks/shop/versions/1700000000000-0a1b2c3d';
  await missing('stacks.version', version);
  await missing('stacks.versionDiff', `${version}/diff`);
  await missing('stacks.restore', `${version}/restore`, { method: 'POST' });
  expect(await run('stacks.fromRun', '/stacks/from-run', json('POST', { run: 'docker run -d -p 80:80 --shm-size 1g nginx' }))).toMatchObject({ services: [{ service: 'nginx', left: ['--shm-size'] }] });
  const lines = (await text('stacks.logs', '/stacks/shop/logs?tail=5')).trim().split('\n');
  expect(lines.map((line) => Object.keys(JSON.parse(line)).sort())).toEqual(Array(5).fill(['container', 'cut', 'service', 'stream', 'text', 'time']));
}

/** What its files were before: read, compared with what is there, and put back. */
export async function stackVersions(name: string, run: Run) {
  const here = `/stacks/${name}/versions`;
  const { versions } = (await run('stacks.versions', here)) as { versions: { id: string }[] };
  const oldest = versions.at(-1)!;
  await run('stacks.version', `${here}/${oldest.id}`);
  const { files } = (await run('stacks.versionDiff', `${here}/${oldest.id}/diff`)) as { files: { lines: { kind: string; text: string }[] }[] };
  await run('stacks.restore', `${here}/${oldest.id}/restore`, { method: 'POST' });
  return { versions, diff: files.flatMap(({ lines }) => lines.filter(({ kind }) => kind !== 'same').map(({ kind, text }) => `${kind} ${text}`)) };
}
