import { expect } from 'bun:test';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Problem } from '../../src/api/schemas.ts';
import type { Init, TestApp } from './app.ts';

type Run = (id: string, path: string, init?: Init) => Promise<unknown>;

const json = (method: string, body: unknown): Init => ({ method, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });

async function problem(response: Response, status: number) {
  expect(response.status).toBe(status);
  return Problem.strict().parse(await response.json());
}

/** An archive there and back. */
async function packing(panel: TestApp, run: Run) {
  const folder = mkdtempSync(join(tmpdir(), 'mantou-api-archive-'));
  writeFileSync(join(folder, 'a'), 'abc');
  const settled = async (started: unknown) => panel.app.tasks.settled((started as { task: string }).task);
  await settled(await run('files.archive', '/files/archive', json('POST', { folder, names: ['a'], name: 'a.zip', format: 'zip' })));
  expect(await run('files.archive_contents', `/files/archive/contents?path=${folder}/a.zip`)).toMatchObject({ format: 'zip', total: 1, bytes: 3 });
  await settled(await run('files.extract', '/files/extract', json('POST', { path: `${folder}/a.zip`, to: folder, into: 'b' })));
  expect(readFileSync(join(folder, 'b/a'), 'utf8')).toBe('abc');
  rmSync(folder, { recursive: true });
}

/** Calls everything that the API says about files. @returns ids of those that give no JSON */
export async function fileCalls(panel: TestApp, run: Run, call: (path: string, init?: Init) => Response | Promise<Response>): Promise<Set<string>> {
  const done = new Set<string>();
  await packing(panel, run);
  await run('files.list', '/files?path=/etc&limit=5');
  await run('files.stat', '/files/stat?path=/etc');
  done.add('files.search');
  expect((await (await call('/files/search?path=/etc&name=hosts')).text()).trimEnd().split('\n').at(-1)).toContain('"end":"all"');
  const tus = { 'tus-resumable': '1.0.0' };
  const began = async (name: string) => {
    const metadata = `path ${btoa(realpathSync(tmpdir()))},filename ${btoa(`${panel.app.random.id()}-${name}`)}`;
    const answer = await call('/files/upload', { method: 'POST', headers: { ...tus, 'upload-length': '1', 'upload-metadata': metadata } });
    done.add('files.upload_begin');
    expect(answer.status).toBe(201);
    return answer.headers.get('location')!.slice('/api/v1'.length);
  };
  await run('files.upload_options', '/files/upload', { headers: tus });
  const upload = await began('cancelled');
  expect(await run('files.upload_get', upload)).toMatchObject({ offset: 0, size: 1, endedAs: null } as never);
  const bytes = { headers: { ...tus, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream', 'content-length': '0' } };
  await run('files.upload_send', upload, bytes);
  await run('files.upload_override', upload, { headers: { ...bytes.headers, 'x-http-method-override': 'PATCH' } });
  await problem(await call(upload.replace('/upload/', '/uploads/') + '/place', json('POST', { conflict: 'skip' })), 409);
  await run('files.upload_cancel', upload, { headers: tus });
  const whole = await began('skipped');
  const { folder, name } = (await run('files.upload_get', whole))! as { folder: string; name: string };
  writeFileSync(join(folder, name), 'theirs');
  expect((await call(whole, { method: 'PATCH', headers: { ...bytes.headers, 'content-length': '1' }, body: 'x' })).status).toBe(412);
  expect(await run('files.upload_place', whole.replace('/upload/', '/uploads/') + '/place', json('POST', { conflict: 'skip' }))).toEqual({ name: '' } as never);
  rmSync(join(folder, name));

  const place = mkdtempSync(join(realpathSync(tmpdir()), 'mantou-api-'));
  expect(await run('files.mkdir', '/files/folders', json('POST', { path: `${place}/a` }))).toEqual({ path: `${place}/a` } as never);
  writeFileSync(join(place, 'x'), '1');
  expect(await run('files.rename', '/files/rename', json('POST', { path: `${place}/x`, name: 'y' }))).toEqual({ path: `${place}/y` } as never);
  const these = { folder: place, names: ['y'], to: `${place}/a` };
  expect(await run('files.copy', '/files/copy', json('POST', these))).toMatchObject({ task: null, entries: 1, bytes: 1 } as never);
  await problem(await call('/files/move', json('POST', these)), 409);
  expect(await run('files.move', '/files/move', json('POST', { ...these, conflict: 'keep-both' }))).toMatchObject({ entries: 1 } as never);
  const gone = (await run('files.delete', '/files/delete', json('POST', { folder: `${place}/a`, names: ['y', 'y (2)'] }))) as { trash: string[] };
  const inTrash = (await run('files.trash', '/files/trash?limit=200')) as { items: { id: string; folder: string }[] };
  expect(inTrash.items.filter((row) => row.folder === `${place}/a`).map((row) => row.id).sort()).toEqual([...gone.trash].sort());
  expect(await run('files.restore', '/files/trash/restore', json('POST', { ids: [gone.trash[0]] }))).toMatchObject({ entries: 1 } as never);
  expect(await run('files.empty', '/files/trash/empty', json('POST', { ids: [gone.trash[1]] }))).toMatchObject({ entries: 1 } as never);
  const chosen = { folder: place, names: ['a'] };
  expect(await run('files.mode', '/files/mode', json('POST', { ...chosen, mode: '700', recursive: true, preview: true }))).toMatchObject({ task: null, preview: { folders: 1, state: 'done' } } as never);
  expect(await run('files.mode', '/files/mode', json('POST', { ...chosen, mode: 'u=rwx,go=' }))).toMatchObject({ task: null, changed: 1, failed: [] } as never);
  expect(await run('files.owner', '/files/owner', json('POST', { ...chosen, owner: String(process.getuid!()), group: '' }))).toMatchObject({ changed: 0, same: 1 } as never);
  if (panel.app.host.files.acl?.missing() === null) {
    const list = (await run('files.acl', `/files/acl?path=${place}/a`)) as { acl: { entries: { type: string }[] } };
    expect(await run('files.change_acl', `/files/acl?path=${place}/a`, json('PUT', { entries: list.acl.entries }))).toMatchObject({ kind: 'posix', acl: { entries: list.acl.entries } } as never);
  } else for (const id of ['files.acl', 'files.change_acl']) done.add(id);
  await run('files.delete', '/files/delete', json('POST', { folder: place, names: ['a'], forever: true }));
  rmSync(place, { recursive: true });

  const shared = mkdtempSync(join(realpathSync(tmpdir()), 'mantou-api-'));
  writeFileSync(join(shared, 'abc'), 'abc');
  const content = await call(`/files/content?path=${shared}/abc`);
  done.add('files.content');
  await run('files.write', `/files/content?path=${shared}/abc`, { method: 'PUT', headers: { 'if-match': '*' }, body: 'abc' });
  expect([content.status, content.headers.get('content-length')]).toEqual([200, '3']);
  expect(await run('files.checksum', `/files/checksum?path=${shared}/abc`)).toMatchObject({ md5: '900150983cd24fb0d6963f7d28e17f72', size: 3 } as never);
  const link = (await run('files.shares.create', '/files/shares', json('POST', { path: `${shared}/abc`, password: 'bamboo', downloadsMost: 2 }))) as { id: string; url: string };
  expect(link.url).toMatch(/\/s\/[\w-]{43}$/);
  expect(await run('files.shares.list', '/files/shares')).toMatchObject({ items: [{ id: link.id, path: `${shared}/abc`, password: true, downloads: 0 }] } as never);
  await run('files.shares.remove', `/files/shares/${link.id}`);
  await problem(await call('/files/fetch', json('POST', { folder: shared, url: 'file:///etc/passwd' })), 422);
  // Not allowed unless a setting says so: the task fails, nothing is asked for.
  const fetching = (await run('files.fetch', '/files/fetch', json('POST', { folder: shared, url: 'http://127.0.0.1:9/x' }))) as { task: string };
  await panel.app.tasks.settled(fetching.task);
  expect((await run('tasks.get', `/tasks/${fetching.task}`))!).toMatchObject({ kind: 'files.fetch', state: 'failed' } as never);
  rmSync(shared, { recursive: true });
  return done;
}
