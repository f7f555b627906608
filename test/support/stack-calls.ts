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
  await done('stacks.deploy', `${here}/deploy`, json('POST', { wait: 30 }));
  await done('stacks.act', `${here}/act`, json('POST', { action: 'restart' }));
  await done('stacks.scale', `${here}/scale`, json('POST', { service: 'web', count: 2 }));
  await done('stacks.remove', here, { method: 'DELETE' });
}
