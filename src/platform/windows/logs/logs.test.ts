import { describe, expect, test } from 'bun:test';
import { testApp } from '../../../../test/support/app.ts';
import { AppError } from '../../../lib/errors.ts';
import type { LogFilter, PageWish } from '../../logs.ts';
import { faultError } from '../powershell/fault.ts';
import type { PowerShell } from '../powershell/powershell.ts';
import { createWindowsLogs, EventFields, EventPage } from './logs.ts';
import { cursorOf, placeOf, xpathOf } from './query.ts';

/**
 * What event-log.ps1 answers, in English and in Chinese. Not captured, there being no Windows at hand: written from Microsoft's
 * description of EventRecord, of winmeta.xml and of the schema of events. The channels here are filled by rule.
 */
const CHINESE = 'Microsoft-Windows-TaskScheduler/Operational';
const BEGIN = 1_790_000_000_000;
interface Event { record: number; at: number; level: number; provider: string; event: number; pid: number | null; text: string; cut: boolean }
const channels: Record<string, Event[]> = {
  System: Array.from({ length: 1000 }, (_, i) => ({
    record: i + 1, at: BEGIN + i * 1000, level: i % 100 === 0 ? 2 : i % 10 === 0 ? 3 : 4, provider: 'Service Control Manager', event: 7036, pid: 812, text: `The Fax service entered the ${i % 250 === 7 ? 'stopped' : 'running'} state.`, cut: false,
  })),
  [CHINESE]: [{ record: 5, at: BEGIN, level: 0, provider: 'Microsoft-Windows-TaskScheduler', event: 201, pid: null, text: '任务计划程序成功地完成任务“\\同步”。', cut: false }],
  Empty: [],
};

/** Understands the filters that the driver makes of records, levels and times. */
function machine({ elevated = true, asked = [] }: { elevated?: boolean; asked?: { filter: string; most: number }[] } = {}): PowerShell {
  return {
    missing: () => null, show: () => '', close() {}, greeting: async () => ({ version: '5.1.20348.2227', os: '10.0.20348.0', language: 'zh-CN', codePage: 936, elevated, wide: true }),
    async call(script, verb, given, answer) {
      if (verb === 'channels') return answer.parse({ names: ['System', 'Application', CHINESE] });
      const { channel, filter = '', newest, most, record } = given as { channel: string; filter?: string; newest: boolean; most: number; record: number };
      const all = channels[channel];
      if (!all) throw faultError({ code: 'mantou:not_found', category: 'OperationStopped', message: '', type: '', hresult: 0, native: 0, line: 1 }, `${script} ${verb}`);
      if (verb === 'event') return answer.parse({ fields: all.filter((each) => each.record === record).flatMap(({ text }) => [{ name: 'Message', value: text }, { name: 'TimeCreated.SystemTime', value: new Date(BEGIN).toISOString() }, { name: 'Channel', value: channel }]) });
      asked.push({ filter, most });
      const [, sign, number] = /EventRecordID([<>])(\d+)/.exec(filter) ?? [];
      const levels = [...filter.matchAll(/Level=(\d)/g)].map(([, level]) => Number(level));
      const [, from] = /SystemTime>='([^']+)'/.exec(filter) ?? [];
      const fit = all.filter((each) => (!sign || (sign === '<' ? each.record < Number(number) : each.record > Number(number))) && (levels.length === 0 || levels.includes(each.level)) && (!from || each.at >= Date.parse(from)));
      const ordered = newest ? fit.toReversed() : fit;
      return answer.parse({ events: ordered.slice(0, most), more: ordered.length > most, late: false });
    },
  };
}

const wish = (over: Partial<PageWish> = {}): PageWish => ({ from: null, to: 'older', limit: 200, patience: 5000, ...over });
const text = (words: string): LogFilter => ({ match: { text: words, regex: false, test: (message) => message.includes(words) } });
const code = async (work: Promise<unknown>) => work.then(() => 'done', (error: unknown) => (error instanceof AppError ? error.code : String(error)));

describe('refused', () => {
  test('S2 channels and providers that are none, cursors that are none, no PowerShell, channels that may not be read', async () => {
    const logs = createWindowsLogs(machine());
    for (const unit of ['', 'a"b', "a'b", 'C:\\x', 'a\nb', 'x'.repeat(121), '*', 'None']) expect([unit, await code(logs.page({ unit }, wish()))]).toEqual([unit, 'invalid']);
    expect(await code(logs.page({ identifier: `a"b'c` }, wish()))).toBe('invalid');
    for (const from of ['', 'x', '53;1', '53;1;1;1', '5;1;1', '53;-1;1', `${Buffer.from("a'b").toString('hex')};1;1`]) expect([from, await code(logs.page({}, wish({ from })))]).toEqual([from, 'invalid']);
    expect(await createWindowsLogs({ ...machine(), missing: () => 'powershell.exe' }).state()).toEqual({ kind: 'none', partial: false });
    const denied = faultError({ code: 'x', category: 'NotSpecified', message: '尝试执行未经授权的操作。', type: 'System.UnauthorizedAccessException', hresult: -2_147_024_891, native: 0, line: 1 }, 'event-log.ps1 page');
    expect(await code(createWindowsLogs({ ...machine(), call: () => Promise.reject(denied) }).page({ unit: 'Security' }, wish()))).toBe('denied');
    for (const value of [null, {}, { events: [{}], more: false, late: false }]) expect(EventPage.safeParse(value).success).toBe(false);
    expect(EventFields.safeParse({ fields: [['a', 'b']] }).success).toBe(false);
  });

  test('S2 a provider with signs of XPath stays a name', () => {
    expect(xpathOf({ identifier: `x' or '1'='1` }, null, 'older', 'System')).toBe(`*[System[Provider[@Name="x' or '1'='1"]]]`);
    expect(xpathOf({ identifier: `x"]] or *[System[("` }, null, 'older', 'System')).toBe(`*[System[Provider[@Name='x"]] or *[System[("']]]`);
  });
});

test('filters: levels by priority, times to the millisecond, the place by record or, in another channel, by time', () => {
  const place = { channel: 'System', record: 42, at: BEGIN };
  expect(xpathOf({}, null, 'older', 'System')).toBe('*');
  expect(xpathOf({ priority: 3 }, place, 'older', 'System')).toBe('*[System[(Level=1 or Level=2) and (EventRecordID<42)]]');
  expect(xpathOf({ priority: 6 }, null, 'older', 'System')).toBe('*[System[(Level=0 or Level=1 or Level=2 or Level=3 or Level=4)]]');
  expect(xpathOf({ since: BEGIN, until: BEGIN }, null, 'newer', 'System')).toBe(`*[System[TimeCreated[@SystemTime>='2026-09-21T14:13:20.000Z' and @SystemTime<'2026-09-21T14:13:20.001Z']]]`);
  expect(xpathOf({}, place, 'newer', 'Application')).toBe(`*[System[TimeCreated[@SystemTime>'2026-09-21T14:13:20.000Z']]]`);
  for (const none of [{ kernel: true }, { boot: 'a' }, { priority: 1 }]) expect(xpathOf(none, null, 'older', 'System')).toBeNull();
  const cursor = cursorOf({ ...place, channel: CHINESE });
  expect(placeOf(cursor)).toEqual({ ...place, channel: CHINESE });
  expect(cursor).toMatch(/^[\w=;:]{1,300}$/);
});

test('pages: the newest, older and newer ones, without a gap and none twice', async () => {
  const logs = createWindowsLogs(machine());
  const newest = await logs.page({}, wish());
  expect([newest.entries.length, newest.more, newest.late]).toEqual([200, true, false]);
  expect(newest.entries.at(-1)).toMatchObject({ at: BEGIN + 999_000, priority: 6, unit: 'System', identifier: 'Service Control Manager', pid: 812, message: '7036: The Fax service entered the running state.' });
  const seen = [...newest.entries];
  for (let page = newest; page.more; ) {
    page = await logs.page({}, wish({ from: seen[0]!.cursor, limit: 330 }));
    seen.unshift(...page.entries);
  }
  expect(seen.map(({ cursor }) => placeOf(cursor).record)).toEqual(Array.from({ length: 1000 }, (_, i) => i + 1));
  const next = await logs.page({}, wish({ from: seen[99]!.cursor, to: 'newer', limit: 50 }));
  expect(next.entries.map(({ cursor }) => placeOf(cursor).record)).toEqual(Array.from({ length: 50 }, (_, i) => i + 101));
  expect((await logs.page({ priority: 3 }, wish())).entries.every(({ priority }) => priority === 3)).toBe(true);
  expect((await logs.page({ priority: 3 }, wish())).entries).toHaveLength(10);
  expect(await logs.page({ unit: 'Empty' }, wish())).toEqual({ entries: [], more: false, late: false });
  expect((await logs.page({ unit: CHINESE }, wish())).entries[0]).toMatchObject({ priority: 6, pid: null, message: '201: 任务计划程序成功地完成任务“\\同步”。' });
});

test('text is looked for in portions, goes on where a page ended, and ends when patience does', async () => {
  const asked: { filter: string; most: number }[] = [];
  const logs = createWindowsLogs(machine({ asked }));
  const first = await logs.page(text('stopped'), wish({ limit: 3 }));
  expect(first.entries.map(({ cursor }) => placeOf(cursor).record)).toEqual([258, 508, 758]);
  expect(first.more).toBe(true);
  const rest = await logs.page(text('stopped'), wish({ limit: 3, from: first.entries[0]!.cursor }));
  expect(rest).toMatchObject({ entries: [{ cursor: expect.stringContaining(';8;') }], more: false });
  expect(asked.every(({ most }) => most === 200)).toBe(true);
  expect(await logs.page(text('nowhere'), wish({ patience: 0 }))).toEqual({ entries: [], more: true, late: true });
  expect(await code(logs.page(text('x'), wish({ signal: AbortSignal.abort(new AppError('unavailable', () => '')) })))).toBe('unavailable');
});

test('a log in which what fits is not found in time: the page says so, a file does not end as if it were whole, and it is not asked again at once', async () => {
  const asked: { verb: string; patience: number }[] = [];
  const slow: PowerShell = {
    ...machine(),
    async call(_script, verb, given, answer) {
      asked.push({ verb, patience: (given as { patience: number }).patience });
      return answer.parse({ events: [], more: true, late: true });
    },
  };
  const logs = createWindowsLogs(slow, 50);
  expect(await logs.page({ priority: 3 }, wish({ patience: 300 }))).toEqual({ entries: [], more: true, late: true });
  const whole = async () => {
    for await (const entries of logs.read({ priority: 3 }, new AbortController().signal)) expect(entries).toEqual([]);
  };
  expect(await code(whole())).toBe('unavailable');
  expect(asked.every(({ verb, patience }) => verb === 'page' && patience > 0 && patience < 30_000)).toBe(true);
  asked.length = 0;
  const over = new AbortController();
  const following = (async () => {
    for await (const entries of logs.follow({ priority: 3 }, cursorOf({ channel: 'System', record: 1, at: 0 }), over.signal)) expect(entries).toEqual([]);
  })();
  await Bun.sleep(220);
  over.abort();
  await following;
  expect(asked.length).toBeLessThan(8);
});

test('all of it in its order, only what fits; fields; what is new is told, and ends with the signal', async () => {
  const logs = createWindowsLogs(machine(), 10);
  const all: number[] = [];
  for await (const entries of logs.read({ priority: 4 }, new AbortController().signal)) all.push(...entries.map(({ cursor }) => placeOf(cursor).record));
  expect(all).toEqual(Array.from({ length: 100 }, (_, i) => i * 10 + 1));
  expect(await logs.fields(cursorOf({ channel: CHINESE, record: 5, at: 0 }))).toEqual([['Message', '任务计划程序成功地完成任务“\\同步”。'], ['TimeCreated.SystemTime', new Date(BEGIN).toISOString()], ['Channel', CHINESE]]);
  expect(await logs.fields(cursorOf({ channel: CHINESE, record: 6, at: 0 }))).toBeNull();
  const over = new AbortController();
  const told: string[] = [];
  const following = (async () => {
    for await (const entries of logs.follow({ unit: 'Empty' }, null, over.signal)) {
      told.push(...entries.map(({ message }) => message));
      if (told.length === 2) over.abort();
    }
  })();
  for (const record of [1, 2]) {
    await Bun.sleep(30);
    channels.Empty!.push({ record, at: BEGIN, level: 4, provider: 'p', event: record, pid: 1, text: `new ${record}`, cut: false });
  }
  await following;
  channels.Empty!.length = 0;
  expect(told).toEqual(['1: new 1', '2: new 2']);
});

test('the page of logs on Windows: channels, providers, no kernel, and who sees not all is told', async () => {
  const t = testApp();
  Object.assign(t.app.host, { logs: createWindowsLogs(machine({ elevated: false })) });
  const admin = t.as('admin');
  const read = async (path: string, language = 'en') => (await admin.request(path, { headers: { 'accept-language': language } })).text();
  const html = await read('/logs');
  for (const said of ['Event Log', 'Channel; empty: System', 'Provider, as Service Control Manager', `<option value="${CHINESE}">`, 'The Fax service entered the running state.', 'does not run as an administrator']) expect(html).toContain(said);
  for (const said of ['Kernel', 'nginx.service', 'systemd-journal']) expect(html).not.toContain(said);
  const chinese = await read(`/logs?unit=${encodeURIComponent(CHINESE)}`, 'zh-CN');
  for (const said of ['事件日志', '通道，留空为 System', '成功地完成任务', '没有以管理员身份运行']) expect(chinese).toContain(said);
  const none = await admin.request('/logs?unit=None', { headers: { 'accept-language': 'en' } });
  expect([none.status, await none.text()]).toEqual([422, expect.stringContaining('no such channel or provider')]);
  expect(await read(`/logs/entry?cursor=${cursorOf({ channel: CHINESE, record: 5, at: BEGIN })}`)).toContain(`/logs?unit=${encodeURIComponent(CHINESE).replaceAll('%20', '+')}&amp;since=${BEGIN - 60_000}`);
  const file = await admin.request('/logs/download?priority=err');
  expect((await file.text()).trim().split('\n')).toHaveLength(10);
  expect(t.errors).toEqual([]);
  await t.close();
});
