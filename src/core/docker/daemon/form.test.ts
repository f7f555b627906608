import { describe, expect, test } from 'bun:test';
import { cpuMs } from '../../../../test/support/cpu.ts';
import { changedKeys, checkDocument, reloads, setValue } from './document.ts';
import { formOf, withForm, type DaemonForm } from './form.ts';
import { keyOfFlag } from './keys.ts';

const FOUND = `{
    "storage-driver": "overlay2",
    "x-of-somebody": {"keep": [1, 2 ,3]},
    "registry-mirrors": [
        "https://a.example"
    ],
    "log-opts": { "tag": "{{.Name}}", "max-size": "10m" },
    "exec-opts": ["native.cgroupdriver=systemd", "isolation=process"]
}
`;

describe('the form and the text are one document', () => {
  test('what the text says fills the form', () => {
    expect(formOf(FOUND)).toEqual({
      registryMirrors: 'https://a.example', insecureRegistries: '', logDriver: '', logMaxSize: '10m', logMaxFile: '', liveRestore: '', cgroupDriver: 'systemd', userlandProxy: '', ipv6: '', ip6tables: '', dns: '', addressPools: '',
    });
    expect(formOf('')).toMatchObject({ logDriver: '', dns: '' });
    expect(formOf('{')).toBeNull();
    expect(formOf('{"dns": "no list", "log-opts": 7, "default-address-pools": {}}')).toMatchObject({ dns: '', logMaxSize: '', addressPools: '' });
  });

  test('a form that says what is there changes no byte', () => {
    for (const text of [FOUND, '', '{}', '{"dns":["1.1.1.1"]}', FOUND.replaceAll('\n', '\r\n')]) expect(withForm(text, formOf(text)!)).toBe(text);
  });

  test('one field changes its own lines and leaves the others, unknown keys and their order', () => {
    const changed: [Partial<DaemonForm>, string, string][] = [
      [{ registryMirrors: 'https://a.example\n\n https://b.example ' }, '"https://a.example"\n', '"https://a.example",\n        "https://b.example"\n'],
      [{ logMaxSize: '5m' }, '"max-size": "10m"', '"max-size": "5m"'],
      [{ cgroupDriver: 'cgroupfs' }, '["native.cgroupdriver=systemd", "isolation=process"]', '["isolation=process", "native.cgroupdriver=cgroupfs"]'],
      [{ logMaxFile: '3' }, '"max-size": "10m" }', '"max-size": "10m", "max-file": "3" }'],
      [{ dns: '1.1.1.1' }, 'isolation=process"]', 'isolation=process"],\n    "dns": ["1.1.1.1"]'],
    ];
    for (const [form, from, to] of changed) expect(withForm(FOUND, { ...formOf(FOUND)!, ...form })).toBe(FOUND.replace(from, to));
    const more = withForm(FOUND, { liveRestore: 'on', userlandProxy: 'off', addressPools: '172.30.0.0/16 24\n10.9.0.0/16 26', registryMirrors: '' });
    expect(JSON.parse(more)).toEqual({
      'storage-driver': 'overlay2', 'x-of-somebody': { keep: [1, 2, 3] }, 'log-opts': { tag: '{{.Name}}', 'max-size': '10m' }, 'exec-opts': ['native.cgroupdriver=systemd', 'isolation=process'],
      'live-restore': true, 'userland-proxy': false, 'default-address-pools': [{ base: '172.30.0.0/16', size: 24 }, { base: '10.9.0.0/16', size: 26 }],
    });
    expect(more).toContain('{"keep": [1, 2 ,3]}');
    expect(more.split('\n').find((line) => line.includes('live-restore'))).toStartWith('    "');
  });

  test('into nothing, and back to nothing', () => {
    const made = withForm('', { logMaxSize: '10m', logMaxFile: '3', dns: '1.1.1.1' });
    expect(JSON.parse(made)).toEqual({ 'log-opts': { 'max-size': '10m', 'max-file': '3' }, dns: ['1.1.1.1'] });
    expect(made).toEndWith('}\n');
    expect(JSON.parse(withForm(made, { logMaxSize: '', logMaxFile: '', dns: '' }))).toEqual({});
    expect(withForm('{', { dns: '1.1.1.1' })).toBe('{');
    expect(setValue('{"a": 1}', ['b'], undefined)).toBe('{"a": 1}');
  });
});

describe('refused before the engine has to', () => {
  const what = (text: string, flags: string[] = []) => checkDocument(text, flags).faults.map((fault) => [fault.line, fault.key, fault.what.kind]);
  test('what is no JSON, with the line', () => {
    expect(what('{\n  "dns": ["1.1.1.1"]\n  "mtu": 1500\n}')).toEqual([[3, null, 'syntax']]);
    expect(what('{\n  "mtu": 1500,\n}')).toEqual([[3, null, 'syntax']]);
    expect(what('{\n  // mine\n  "mtu": 1500\n}')).toEqual([[2, null, 'syntax']]);
    for (const text of ['[]', '7', 'null', '"x"']) expect(what(text)).toEqual([[1, null, 'no-object']]);
    for (const text of ['', ' \n', '{}']) expect(what(text)).toEqual([]);
  });
  test('values of another type, keys that stand there twice, addresses and pools that are none', () => {
    expect(what('{\n "mtu": "1500",\n "live-restore": "yes",\n "dns": "1.1.1.1",\n "log-opts": {"max-file": 3},\n "mtu": 1\n}')).toEqual([
      [2, 'mtu', 'type'], [3, 'live-restore', 'type'], [4, 'dns', 'type'], [5, 'log-opts', 'type'], [6, 'mtu', 'twice'],
    ]);
    expect(what('{"registry-mirrors": ["mirror.example", "https://ok.example", "https://x.example/path"], "dns": ["one", "::1"], "default-address-pools": [{"base": "10.0.0.0/16", "size": 8}]}')).toEqual([
      [1, 'registry-mirrors', 'address'], [1, 'registry-mirrors', 'address'], [1, 'dns', 'address'], [1, 'default-address-pools', 'pool'],
    ]);
  });
  test('what dockerd was told by a flag as well', () => {
    const flags = ['-H', 'fd://', '--containerd=/run/containerd/containerd.sock', '--log-opt', 'max-size=1m', '-D', '--exec-opt=native.cgroupdriver=systemd', '--config-file', '/x'];
    expect(what('{"hosts": ["unix:///x"], "containerd": "/x", "log-opts": {}, "debug": true, "exec-opts": [], "dns": []}', flags).map(([, key, kind]) => `${key} ${kind}`)).toEqual([
      'hosts flag', 'containerd flag', 'log-opts flag', 'debug flag', 'exec-opts flag',
    ]);
    expect([keyOfFlag('fd://'), keyOfFlag('--config-file=/x'), keyOfFlag('-Hunix:///x'), keyOfFlag('--nothing')]).toEqual([null, null, 'hosts', null]);
  });
  test('a key that nobody knows is told, not refused', () => {
    const { faults, unknown } = checkDocument('{"dsn": [], "dns": []}', []);
    expect([faults, unknown]).toEqual([[], ['dsn']]);
  });
});

test('what changed, and whether the engine takes it while it runs', () => {
  const of = (a: object, b: object) => changedKeys(a as Record<string, unknown>, b as Record<string, unknown>);
  expect(of({ dns: ['1'], mtu: 1, debug: true }, { mtu: 1, dns: ['2'], labels: ['a=b'] })).toEqual([{ key: 'dns', gone: false }, { key: 'labels', gone: false }, { key: 'debug', gone: true }]);
  expect(reloads(of({}, { 'registry-mirrors': ['https://a.example'], debug: true }))).toBe(true);
  expect(reloads(of({ debug: true }, { debug: true, mtu: 1500 }))).toBe(false);
  // dockerd keeps the mirrors of before when the key is not there any more.
  expect(reloads(of({ 'registry-mirrors': ['https://a.example'] }, {}))).toBe(false);
});

test('S22 keys that everything in JavaScript has, and a text without a bottom, are judged as any other', () => {
  for (const key of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
    const text = JSON.stringify({ x: { 'live-restore': true } }).replace('"x"', `"${key}"`);
    const { unknown, values, faults } = checkDocument(text, []);
    expect([unknown, faults, values?.['live-restore']]).toEqual([[key], [], undefined]);
    expect(formOf(text)).toMatchObject({ liveRestore: '' });
    expect(changedKeys(values!, {})).toEqual([{ key, gone: true }]);
    expect(changedKeys({}, values!)).toEqual([{ key, gone: false }]);
    expect(reloads([{ key, gone: false }])).toBe(false);
  }
  for (const text of ['['.repeat(200_000), `{"a":${'['.repeat(90_000)}${']'.repeat(90_000)}}`, '{"a":'.repeat(30_000)]) {
    expect([checkDocument(text, []).faults.map(({ what }) => what.kind), formOf(text), withForm(text, { dns: '1.1.1.1' })]).toEqual([['syntax'], null, text]);
  }
  expect(checkDocument(`{"a": "${'['.repeat(500)}"}`, []).faults).toEqual([]);
});

test('S22 thousands of keys are read in no time', () => {
  const text = `{${Array.from({ length: 28_000 }, () => '"a":1').join(',\n')}}`;
  const begun = cpuMs();
  const { faults } = checkDocument(text, []);
  expect([faults.length, faults.at(-1)?.line, cpuMs() - begun < 2000]).toEqual([27_999, 28_000, true]);
});
