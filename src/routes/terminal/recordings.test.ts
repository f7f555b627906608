import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { rmSync, writeFileSync } from 'node:fs';
import { testApp, type Browser, type TestApp } from '../../../test/support/app.ts';
import { fakeTerminals, running } from '../../../test/support/terminals.ts';
import { insertRecording, recordingPath } from '../../core/terminal/recordings/recordings.ts';
import { audit } from '../../db/schema/audit.ts';
import { recordings } from '../../db/schema/recordings.ts';
import { putSetting } from '../../core/settings/settings.ts';

let fake: ReturnType<typeof fakeTerminals>;
let t: TestApp;
let admin: Browser;
beforeEach(() => {
  fake = fakeTerminals();
  t = testApp({ app: { terminals: fake.host } });
  admin = t.as('admin', 'lin');
});
afterEach(() => t.close());

const HOSTILE = '<script>alert(1)</script>';

function saved(title = 'root@vm', output = 'hello world\r\n', state: 'done' | 'on' = 'done') {
  const { id, path } = insertRecording(t.app, { id: t.app.random.id(), title, target: 'root', openedBy: 'lin' }, { startedBy: 'lin', policy: false });
  writeFileSync(path, `{"version":2,"width":80,"height":24,"title":${JSON.stringify(title)}}\n${JSON.stringify([83.5, 'o', output])}\n`);
  t.app.db.update(recordings).set({ state, bytes: 99, lengthMs: 83_500 }).run();
  return id;
}

const actions = () => t.app.db.select().from(audit).all().map(({ action, actor }) => `${action} ${actor}`);
const json = { accept: 'application/json' };

describe('refused', () => {
  test('S6 S12 those who are no administrators, each way to a recording', async () => {
    const id = saved();
    for (const role of ['viewer', 'operator'] as const) {
      const { request } = t.as(role);
      for (const path of ['', `/${id}`, `/${id}/index`, `/${id}/part`, `/${id}/download`]) expect((await request(`/terminal/recordings${path}`)).status, `${role} ${path}`).toBe(403);
      expect((await request(`/terminal/recordings/${id}/remove`, { form: {} })).status).toBe(403);
      expect((await request(`/terminal/${running(t, fake)}/record`, { form: {} })).status).toBe(403);
    }
    expect(actions()).toEqual([]);
  });

  test('a recording that is not there, and one whose file has gone', async () => {
    for (const path of ['', '/index', '/part', '/download']) expect((await admin.request(`/terminal/recordings/${t.app.random.id()}${path}`)).status).toBe(404);
    for (const name of ['..%2f..%2fmantou', 'x', '%00']) expect((await admin.request(`/terminal/recordings/${name}/part`)).status).toBe(404);
    const id = saved();
    rmSync(recordingPath(t.app, id));
    for (const path of ['/index', '/part', '/download']) expect((await admin.request(`/terminal/recordings/${id}${path}`)).status).toBe(404);
    expect((await admin.request(`/terminal/recordings/${id}`)).status).toBe(200);
    expect(t.errors).toEqual([]);
  });

  test('one that is being written is not deleted', async () => {
    const id = saved('a', 'b', 'on');
    expect((await admin.request(`/terminal/recordings/${id}/remove`, { form: {} })).status).toBe(409);
    expect((await (await admin.request(`/terminal/recordings/${id}`)).text()).includes('recording-remove')).toBe(false);
  });

  test('recording where Settings forbid it, in words, to the page’s script too', async () => {
    putSetting(t.app, 'terminalRecording', 'off');
    const answer = await admin.request(`/terminal/${running(t, fake)}/record`, { form: {}, headers: json });
    expect([answer.status, await answer.json()]).toEqual([409, { error: 'Recording is switched off in Settings.', field: undefined } as never]);
  });
});

describe('S15 what terminals showed', () => {
  test('is text in lists, hits, the page and the names of downloads', async () => {
    const id = saved(HOSTILE, `before ${HOSTILE} after\r\n`);
    for (const path of ['', `/${id}`, '?q=alert', `/${id}?q=%3Cscript%3E`, `/${id}?q=${encodeURIComponent('"><img src=x onerror=alert(1)>')}`]) {
      const html = await (await admin.request(`/terminal/recordings${path}`)).text();
      expect(html, path).not.toContain('<script>alert');
      expect(html, path).not.toContain('<img src=x');
      if (path !== '?q=alert') expect(html, path).toContain('&lt;script');
    }
    const { headers } = await admin.request(`/terminal/recordings/${id}/download`);
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename="/);
    expect(headers.get('content-disposition')).not.toContain('/script');
  });

  test('is sent as nothing that a browser would run', async () => {
    const id = saved('x', HOSTILE);
    for (const path of ['part', 'download']) {
      const { headers } = await admin.request(`/terminal/recordings/${id}/${path}`);
      expect(headers.get('content-type')).toBe('application/octet-stream');
      expect(headers.get('content-disposition')).toStartWith('attachment');
      expect(headers.get('content-security-policy')).toStartWith('sandbox;');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
  });
});

test('the page of a recording lets the style elements of xterm.js in by a nonce, and nothing inline', async () => {
  const answer = await admin.request(`/terminal/recordings/${saved()}`);
  expect(answer.headers.get('content-security-policy')).toMatch(/style-src 'self' 'nonce-[^']+';/);
  expect(await answer.text()).not.toMatch(/ style="/);
});

test('a recording is begun and stopped from the page, by script and without', async () => {
  const id = running(t, fake);
  expect((await admin.request(`/terminal/${id}/record`, { form: {}, headers: json })).status).toBe(200);
  const again = await admin.request(`/terminal/${id}/record`, { form: {}, headers: json });
  expect([again.status, await again.json()]).toEqual([409, { error: 'This terminal is being recorded already.' } as never]);
  const stopped = await admin.request(`/terminal/${id}/record-stop`, { form: {} });
  expect([stopped.status, stopped.headers.get('location')]).toEqual([303, `/terminal?id=${id}`]);
  expect(actions()).toEqual(['terminal.record lin', 'terminal.record_stop lin']);
});

test('pieces, index and the whole: bytes of the file, from where they are asked for', async () => {
  const id = saved();
  const file = await Bun.file(recordingPath(t.app, id)).text();
  expect(await (await admin.request(`/terminal/recordings/${id}/part?from=10`)).text()).toBe(file.slice(10));
  expect(await (await admin.request(`/terminal/recordings/${id}/part?from=1000000`)).text()).toBe('');
  expect(await (await admin.request(`/terminal/recordings/${id}/download`)).text()).toBe(file);
  const ranged = await admin.request(`/terminal/recordings/${id}/download`, { headers: { range: 'bytes=0-3' } });
  expect([ranged.status, await ranged.text()]).toEqual([206, file.slice(0, 4)]);
  expect(await (await admin.request(`/terminal/recordings/${id}/index`)).json()).toEqual({ bytes: file.length, seconds: 83.5, points: [[0, 0, 80, 24, '']] });
});

test('who played, took away and deleted is in the audit log; pieces of one playing are one entry, of two people two', async () => {
  const id = saved();
  for (const path of ['index', 'part', 'part?from=5', 'index']) await admin.request(`/terminal/recordings/${id}/${path}`);
  await t.as('admin', 'mei').request(`/terminal/recordings/${id}/part`);
  expect(actions()).toEqual(['recordings.play lin', 'recordings.play mei']);
  t.clock.advance(3_600_001);
  await admin.request(`/terminal/recordings/${id}/index`);
  await admin.request(`/terminal/recordings/${id}/download`);
  const gone = await admin.request(`/terminal/recordings/${id}/remove`, { form: {} });
  expect([gone.status, gone.headers.get('location')]).toEqual([303, '/terminal/recordings?done=removed']);
  expect(actions().slice(2)).toEqual(['recordings.play lin', 'recordings.download lin', 'recordings.remove lin']);
});

test('hits lead to the second, and a search goes on where it stopped', async () => {
  const id = saved('root@vm', Array.from({ length: 3 }, (_, n) => `needle ${n}\r\n`).join(''));
  const html = await (await admin.request('/terminal/recordings?q=NEEDLE')).text();
  expect(html.match(new RegExp(`/terminal/recordings/${id}\\?t=83\\.5`, 'g'))).toHaveLength(3);
  expect(html).toContain('<mark>needle</mark>');
  expect(html).toContain('1:23');
  expect(await (await admin.request('/terminal/recordings?q=nothing')).text()).toContain('No recording shows “nothing”.');
  for (const bad of ['q=a&id=x', 'q=a&from=-1', `q=a&id=${id}&from=1e30`, 't=x', `q=${'x'.repeat(201)}`]) expect((await admin.request(`/terminal/recordings/${id}?${bad}`)).status, bad).toBe(422);
});

test('in Chinese too', async () => {
  const id = saved();
  const answer = await admin.request(`/terminal/recordings/${id}`, { headers: { 'accept-language': 'zh-CN' } });
  expect(await answer.text()).toContain('在显示过的内容中查找');
});

describe('settings of the terminal', () => {
  const KEPT = { terminalsMost: '64', terminalRecording: 'ask', terminalRecordingDays: '90', terminalRecordingMiB: '4096', terminalIdleHours: '0' };
  const htmx = { 'hx-request': 'true' };

  test('S6 only an administrator changes them', async () => {
    expect((await t.as('operator').request('/settings/terminal', { form: KEPT })).status).toBe(403);
  });

  test.each([['terminalsMost', '0'], ['terminalRecording', 'sometimes'], ['terminalRecordingDays', '-1'], ['terminalRecordingMiB', '1e12'], ['terminalIdleHours', '1.5']])('%s of %s', async (name, value) => {
    const answer = await admin.request('/settings/terminal', { form: { ...KEPT, [name]: value }, headers: htmx });
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain('aria-invalid="true"');
    expect(actions()).toEqual([]);
  });

  test('are saved, with what they were in the audit log', async () => {
    const answer = await admin.request('/settings/terminal', { form: { ...KEPT, terminalRecording: 'always', terminalIdleHours: '12' }, headers: htmx });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('<option value="always" selected');
    expect(t.app.db.select().from(audit).all()).toMatchObject([
      { action: 'settings.change', params: { before: { terminalRecording: 'ask', terminalIdleHours: 0 }, after: { terminalRecording: 'always', terminalIdleHours: 12 } } },
    ]);
  });
});
