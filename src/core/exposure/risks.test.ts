import { expect, test } from 'bun:test';
import { en } from '../../i18n/en.ts';
import { zhCN } from '../../i18n/zh-CN.ts';
import { settingOf } from './local-only/settings.ts';
import { isMeant, riskOf, RISKS } from './risks.ts';

const risk = (port: number, names: string[] = [], protocol: 'tcp' | 'udp' = 'tcp') => riskOf({ protocol, ports: [port], names });

test('by port, and by name on any port', () => {
  expect(risk(6379)).toBe('redis');
  expect(risk(16999, ['redis:7.4-alpine'])).toBe('redis');
  expect(risk(5432, ['postgres'])).toBe('postgres');
  expect(risk(2375, ['dockerd'])).toBe('docker');
  expect(risk(4243, ['dockerd'])).toBe('docker');
  // Between the nodes of a swarm: no way to its API.
  expect(risk(7946, ['dockerd'])).toBeNull();
  expect(risk(5905)).toBe('vnc');
  expect(risk(11211, [], 'udp')).toBe('memcached');
  expect(risk(6379, [], 'udp')).toBeNull();
  expect(risk(8443, ['mantou'])).toBe('panel');
  // What is inside of a container counts as what it is asked by.
  expect(riskOf({ protocol: 'tcp', ports: [9999, 27017], names: ['our-store:1'] })).toBe('mongodb');
});

test('a web server on the port of a database is none', () => {
  expect(risk(9200, ['nginx'])).toBeNull();
  expect(risk(3306, ['haproxy'])).toBeNull();
  expect([isMeant('tcp', 443, []), isMeant('tcp', 2022, ['sshd']), isMeant('tcp', 8080, ['node'])]).toEqual([true, true, false]);
});

test('each says why it matters and what to do, in both languages; settings name a file, a line and a service', () => {
  for (const id of RISKS) {
    for (const { exposure } of [en, zhCN]) expect([id, exposure.risks[id].why.length > 5, exposure.risks[id].what.length > 5]).toEqual([id, true, true]);
    const setting = settingOf(id);
    if (setting) expect([id, setting.files.length > 0, setting.lines.every((line) => line.trim() !== ''), setting.unit !== '']).toEqual([id, true, true, true]);
  }
  expect(Object.keys(en.exposure.risks).sort()).toEqual([...RISKS].sort());
});
