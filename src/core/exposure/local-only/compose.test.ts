import { expect, test } from 'bun:test';
import { localInCompose } from './compose.ts';

const REDIS = { container: 6379, host: 6379, protocol: 'tcp' } as const;
const file = (ports: string) => `# ours\nservices:\n  cache:\n    image: redis:7 # small\n    ports:\n${ports}\n  web:\n    ports: ["80:80", "6379:6379"]\n`;

test.each([
  ['      - "6379:6379"', '      - "127.0.0.1:6379:6379"'],
  ["      - '6379:6379' # for a moment", '      - "127.0.0.1:6379:6379" # for a moment'],
  ['      - 6379:6379', '      - "127.0.0.1:6379:6379"'],
  ['      - 0.0.0.0:16379:6379/tcp', '      - "127.0.0.1:16379:6379/tcp"'],
  ['      - "[::]:6379:6379"', '      - "127.0.0.1:6379:6379"'],
  ['      - "${REDIS_PORT:-6379}:6379"', '      - "127.0.0.1:${REDIS_PORT:-6379}:6379"'],
  ['      - "6379"', '      - "127.0.0.1:6379:6379"'],
  ['      - "8001:8001"\n      - "6379:6379"', '      - "8001:8001"\n      - "127.0.0.1:6379:6379"'],
  ['      - target: 6379\n        published: "6379"', '      - target: 6379\n        host_ip: 127.0.0.1\n        published: "6379"'],
  ['      - target: 6379\n        host_ip: 0.0.0.0', '      - target: 6379\n        host_ip: 127.0.0.1'],
  ['      - {target: 6379, published: 6379}', '      - {target: 6379, host_ip: 127.0.0.1, published: 6379}'],
])('%s', (before, after) => {
  const found = localInCompose(file(before), 'cache', REDIS);
  expect(found?.text).toBe(file(after));
  expect(found!.line).toBeGreaterThan(5);
});

test.each(['      - "127.0.0.1:6379:6379"', '      - "6379:6379/udp"', '      - "6379:6380"', '      - "6379-6381:6379-6381"', '      - ["6379"]', '      x: ['])('%s stays', (ports) => {
  expect(localInCompose(file(ports), 'cache', REDIS)).toBeNull();
});

test('a service that is not there, and what is no file', () => {
  expect(localInCompose(file('      - "6379:6379"'), 'other', REDIS)).toBeNull();
  for (const text of ['', '\0', 'services: 7', '- a', 'services:\n  cache:\n    ports: *x']) expect(localInCompose(text, 'cache', REDIS)).toBeNull();
});
