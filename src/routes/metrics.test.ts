import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { testApp, type TestApp } from '../../test/support/app.ts';
import { createToken } from '../core/tokens/tokens.ts';
import { openMetrics } from '../lib/open-metrics.ts';

let panel: TestApp;
let token: string;

beforeAll(async () => {
  panel = testApp();
  await panel.app.sampler.tick();
  panel.clock.advance(1000);
  await panel.app.sampler.tick();
  const { userId } = panel.as('viewer');
  token = createToken(panel.app, { kind: 'user', userId, name: 'viewer', role: 'viewer', sessionId: null, tokenId: null, ip: '' }, { name: 'prometheus', role: 'viewer', expiresInDays: null }).token;
});
afterAll(() => panel.close());

interface Parsed {
  type: string;
  unit?: string;
  samples: { name: string; labels: Record<string, string>; value: number }[];
}

/** A strict reader of what the specification allows in these parts: anything unexpected throws. */
function parse(text: string): Map<string, Parsed> {
  if (!text.endsWith('\n# EOF\n') && text !== '# EOF\n') throw new Error('does not end with # EOF');
  const families = new Map<string, Parsed>();
  let current: Parsed | undefined;
  let family = '';
  for (const line of text.slice(0, -'# EOF\n'.length).split('\n').slice(0, -1)) {
    const meta = /^# (TYPE|UNIT|HELP) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$/.exec(line);
    if (meta) {
      const [, kind, name, rest] = meta as unknown as [string, string, string, string];
      if (kind === 'TYPE') {
        if (families.has(name)) throw new Error(`family ${name} twice`);
        families.set((family = name), (current = { type: rest, samples: [] }));
      } else if (name !== family || current!.samples.length) throw new Error(`${kind} of ${name} out of place`);
      else if (kind === 'UNIT' && !name.endsWith(`_${rest}`)) throw new Error(`${name} lacks its unit ${rest}`);
      else if (kind === 'UNIT') current!.unit = rest;
      continue;
    }
    const sample = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{((?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\"n])*",?)*)\})? (-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/.exec(line);
    if (!sample) throw new Error(`not understood: ${line}`);
    const [, name, labels = '', value] = sample as unknown as [string, string, string | undefined, string];
    const suffix = { counter: '_total', info: '_info', gauge: '' }[current!.type];
    if (name !== family + suffix) throw new Error(`${name} in ${family}`);
    const found = Object.fromEntries([...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key, text]) => [key!, text!.replace(/\\(.)/g, (_, c) => (c === 'n' ? '\n' : c))]));
    current!.samples.push({ name, labels: found, value: Number(value) });
  }
  return families;
}

describe('refused', () => {
  test('S6 without a token, with a wrong one, with a cookie', async () => {
    const signedIn = panel.as('admin');
    for (const answer of [await panel.request('/metrics'), await panel.request('/metrics', { headers: { authorization: 'Bearer wrong' } }), await signedIn.request('/metrics')]) {
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    }
  });

  test('names that break the rules of the format', () => {
    const family = { type: 'gauge', help: '', samples: [{ value: 1 }] } as const;
    for (const name of ['1x', 'a b', 'a_total', 'a_info', 'größe']) expect(() => openMetrics([{ ...family, name }])).toThrow();
    expect(() => openMetrics([{ ...family, name: 'x_size', unit: 'bytes' }])).toThrow();
  });
});

test('the machine and the panel, as a strict reader takes them', async () => {
  const answer = await panel.request('/metrics', { headers: { authorization: `Bearer ${token}` } });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
  const families = parse(await answer.text());
  const wanted = [
    'mantou_cpu_usage_ratio', 'mantou_cpu_core_usage_ratio', 'mantou_load_average', 'mantou_memory_used_bytes', 'mantou_swap_size_bytes',
    'mantou_network_receive_bytes', 'mantou_disk_written_bytes', 'mantou_filesystem_free_bytes', 'mantou_sensor_temperature_celsius',
    'mantou_boot_time_seconds', 'mantou_build', 'mantou_panel_resident_memory_bytes', 'mantou_panel_event_streams', 'mantou_panel_start_time_seconds',
  ];
  for (const name of wanted) expect([name, families.get(name)?.samples.length ?? 0]).not.toEqual([name, 0]);
  for (const { value } of families.get('mantou_cpu_core_usage_ratio')!.samples) expect(value).toBeWithin(0, 1.0001);
  expect(families.get('mantou_network_receive_bytes')).toMatchObject({ type: 'counter', unit: 'bytes' });
  expect(families.get('mantou_build')!.samples[0]!.labels.version).toBe('0.0.0-test');
});

test('S15 labels are escaped and read back as they were', () => {
  const evil = 'a\\b"c\nd}# EOF\u0001é馒';
  const text = openMetrics([{ name: 'x_bytes', type: 'counter', unit: 'bytes', help: 'two\nlines "and" \\', samples: [{ labels: { name: evil }, value: 1e21 }, { value: Number.NaN }] }]);
  expect(text.split('\n')).toHaveLength(6);
  expect(parse(text).get('x_bytes')!.samples).toEqual([{ name: 'x_bytes_total', labels: { name: evil }, value: 1e21 }]);
});

test('families without samples are left out', () => expect(openMetrics([{ name: 'x', type: 'gauge', help: '', samples: [] }])).toBe('# EOF\n'));
