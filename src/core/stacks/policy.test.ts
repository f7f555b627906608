import { describe, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { breachesOf, volumeNames } from './policy.ts';
import { expectedServices, isBomb, parseRendered } from './rendered.ts';

/** As docker-compose 1.29.2 prints a service with all that one has. */
const RENDERED = `services:
  db:
    command: sleep 1000
    image: mantou-test/busybox:1
    profiles:
    - x
  web:
    command: sleep 1000
    depends_on:
      db:
        condition: service_started
    environment:
      A: 'line1

        line2'
      B: "yes"
    healthcheck:
      interval: 1s
      test:
      - CMD
      - "true"
    image: mantou-test/busybox:1
    ports:
    - 127.0.0.1:18999:80/tcp
    - target: 80
    volumes:
    - /srv/a/data:/data:rw
    - named:/n:rw
version: '3.9'
volumes:
  named: {}
`;

const breaches = (more: string, top = '') => breachesOf(parseRendered(`services:\n  web:\n    image: x\n${more.replace(/^/gm, '    ')}\n${top}`), '/srv/a').map(({ service, what }) => `${service}: ${what}`);

test('S18 an ordinary stack gives nobody more than a container has', () => {
  expect(breachesOf(parseRendered(RENDERED), '/srv/a')).toEqual([]);
  expect(expectedServices(parseRendered(RENDERED))).toEqual(['web']);
});

describe('S18 refused is what makes somebody root on the host', () => {
  for (const [more, found] of [
    ['privileged: true', 'web: privileged'],
    ['network_mode: host', 'web: network_mode: host'],
    ['network_mode: "container:other"', 'web: network_mode: container:other'],
    ['pid: host', 'web: pid'],
    ['ipc: host', 'web: ipc'],
    ['userns_mode: host', 'web: userns_mode'],
    ['cap_add: [SYS_ADMIN]', 'web: cap_add'],
    ['devices: ["/dev/sda:/dev/sda"]', 'web: devices'],
    ['security_opt: ["apparmor:unconfined"]', 'web: security_opt'],
    ['cgroup_parent: /', 'web: cgroup_parent'],
    ['volumes_from: ["container:other"]', 'web: volumes_from'],
    ['build: {context: /srv/a}', 'web: build'],
    ['what_comes_next: 1', 'web: what_comes_next'],
    ['volumes: ["/:/host:ro"]', 'web: volumes: /'],
    ['volumes: ["/var/run/docker.sock:/s"]', 'web: volumes: /var/run/docker.sock'],
    ['volumes: ["/srv/ab:/up"]', 'web: volumes: /srv/ab'],
    ['volumes: ["/srv/a/../b:/up"]', 'web: volumes: /srv/a/../b'],
    ['volumes: ["/srv/a:/self"]', 'web: volumes: /srv/a'],
    ['volumes: ["/srv/a/compose.yml:/self"]', 'web: volumes: /srv/a/compose.yml'],
    ['volumes: [{type: bind, source: /etc, target: /e}]', 'web: volumes: /etc'],
    ['deploy: {resources: {reservations: {devices: [{capabilities: [gpu]}]}}}', 'web: deploy: devices'],
  ] as const) test(more, () => expect(breaches(more)).toEqual([found]));

  test('volumes, networks and secrets that are the host’s', () => {
    expect(breaches('init: true', 'volumes:\n  v: {driver_opts: {type: none, device: /etc, o: bind}}\n')).toEqual(['volumes: v: driver_opts']);
    expect(breaches('volumes: ["v:/e"]', 'volumes:\n  v: {name: /etc}\n')).toEqual(['volumes: v: name /etc']);
    expect(breaches('volumes: ["v:/e"]', 'volumes:\n  v: {external: {name: "/etc:/x"}}\n  w: {name: ../etc, external: true}\n  x: {name: shop_x}\n')).toEqual(['volumes: v: name /etc:/x', 'volumes: w: name ../etc']);
    expect(breaches('init: true', 'networks:\n  n: {driver: macvlan}\n')).toEqual(['networks: n: driver macvlan']);
    expect(breaches('init: true', 'networks:\n  host: {external: true}\n')).toEqual(['networks: host']);
    expect(breaches('init: true', 'secrets:\n  s: {file: /etc/shadow}\n  t: {file: /srv/a/t.txt}\n')).toEqual(['secrets: s: file']);
  });
});

test('S18 a link in the folder, which a container may have put there, leads out of it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mantou-stack-'));
  try {
    mkdirSync(join(folder, 'data'));
    symlinkSync('/etc', join(folder, 'data/conf'));
    symlinkSync('/nowhere/at/all', join(folder, 'data/later'));
    symlinkSync('..', join(folder, 'data/self'));
    const found = (source: string) => breachesOf(parseRendered(`services:\n  web:\n    image: x\n    volumes: ["${source}:/x"]\n`), folder).length;
    expect(['data/conf', 'data/conf/ssl', 'data/later', 'data/self'].map((path) => found(join(folder, path)))).toEqual([1, 1, 1, 1]);
    expect(['data', 'data/new/below'].map((path) => found(join(folder, path)))).toEqual([0, 0]);
    expect(breachesOf(parseRendered(`secrets:\n  s: {file: ${folder}/data/conf/shadow}\n`), folder)).toHaveLength(1);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('S18 what one volume holds is no place for another: a container could put a link there', () => {
  expect(breaches('volumes: ["/srv/a/data:/d", "/srv/a/data/conf:/c"]')).toEqual(['web: volumes: /srv/a/data/conf in another volume']);
  expect(breaches('volumes: ["/srv/a/data:/d", "/srv/a/data:/e", "/srv/a/datab:/c"]')).toEqual([]);
  expect(breaches('volumes: ["/srv/a/data:/d"]', 'secrets:\n  s: {file: /srv/a/data/s.txt}\n')).toEqual(['secrets: s: file']);
});

test('volumes by the name that the engine has for them, as both forms of Compose print them', () => {
  expect(volumeNames(parseRendered('volumes:\n  a: {}\n  b: {name: x_b}\n  c: {external: true}\n  d: {name: other, external: true}\n  e: {external: {name: old}}\n'), 'shop')).toEqual(['shop_a', 'x_b', 'c', 'other', 'old']);
});

test('S18 a name that hides from JavaScript hides nothing', () => {
  for (const text of ['services:\n  __proto__:\n    image: x\n    privileged: true\n', '{"services":{"__proto__":{"image":"x","privileged":true}}}', 'services: {}\nvolumes:\n  __proto__:\n    driver_opts: {type: none, device: /etc, o: bind}\n']) {
    expect(() => parseRendered(text)).toThrow();
  }
});

test('what is switched off, or within the folder, is no breach', () => {
  expect(breaches('privileged: false\ncap_add: []\nvolumes: ["/srv/a/data:/d", "named:/n", {type: volume, source: v, target: /v}]')).toEqual([]);
});

test('a file that grows beyond bounds by its aliases is found before anything reads it', () => {
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x,x]\n${'bcdefgh'.split('').map((key, i) => `${key}: &${key} [${Array(10).fill(`*${'abcdefgh'[i]}`).join(', ')}]\n`).join('')}`;
  expect(isBomb(bomb)).toBe(true);
  expect(isBomb(`x: !own 1\n${bomb}: [`)).toBe(true);
  expect(isBomb(RENDERED)).toBe(false);
  expect(isBomb('x: &x {a: b}\nservices:\n  web: *x\n')).toBe(false);
});
