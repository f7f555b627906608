import { describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { publicDir } from '../support/modules.ts';

// They ask the page for their words when they are loaded.
const page = globalThis as { document?: unknown };
page.document = { getElementById: () => null };
const load = (path: string) => import(join(publicDir, path)) as Promise<any>;
const { outline, placeIn } = await load('js/stacks/path.js');
const { suggestions } = await load('js/stacks/complete.js');
const { diagnose } = await load('js/stacks/diagnose.js');
const { schemasAt, keysOf } = await load('js/stacks/compose-schema.js');
delete page.document;
const schema = await Bun.file(join(publicDir, 'schema/compose-spec.json')).json();

const words = { unknownKey: 'no {key}.', meant: '{key}?', oneOf: 'one of {values}', wantsMap: 'map', wantsList: 'list', wantsText: 'text', tab: 'tab' };
const wrong = (text: string) => diagnose(schema, text.split('\n'), words).map(({ line, message }: { line: number; message: string }) => `${line + 1}: ${message}`);

describe('where one is in a YAML text', () => {
  const keys = (text: string) => outline(text.split('\n')).map(({ path, key }: { path: string[]; key: string | null }) => [...path, key ?? '-'].join('.'));
  test('keys, lists in the column of their key, items with keys, and what is passed over', () => {
    expect(keys('services:\n  web: # here\n    ports:\n    - "80:80"\n    - target: 1\n      published: 2\n    "quoted": x\n')).toEqual([
      'services', 'services.web', 'services.web.ports', 'services.web.ports.[].-', 'services.web.ports.[].target', 'services.web.ports.[].published', 'services.web.quoted',
    ]);
    expect(keys('a: |\n  not: a key\n\n  b: c\nd: [x,\n  y: z,\n]\ne: "one\n  two: three"\nf: {g: h}\n')).toEqual(['a', 'd', 'e', 'f']);
    expect(keys('a:\n  - - b: 1\n    - c: 2\n  - d\n')).toEqual(['a', 'a.[].[].b', 'a.[].[].c', 'a.[].-']);
    expect(keys('---\nurl: http://x:80/y\n%TAG\n- z\n')).toEqual(['url', 'url.[].-']);
  });
  test('the line that is being written', () => {
    const at = (text: string) => placeIn(text.split('\n')).path.join('.');
    expect([at('services:\n  web:\n    ima'), at('services:\n  web:\n    image: x\n  '), at('services:\n  web:\n    depends_on:\n      - d'), at('')]).toEqual(['services.web', 'services', 'services.web.depends_on.[]', '']);
  });
});

describe('what is wrong by the schema of the Compose Specification', () => {
  test('the file of an ordinary stack is right', () => {
    const text = `name: shop
x-common: &common
  restart: unless-stopped
  anything: [1, 2]
services:
  web:
    <<: *common
    image: nginx:\${TAG:-1.29}
    x-note: mine
    build: {context: ., target: prod}
    command: ["nginx", "-g", "daemon off;"]
    ports: ["80:80", "127.0.0.1:443:443"]
    environment:
      A: 1
      B: "yes"
    depends_on:
      db:
        condition: service_healthy
    healthcheck:
      test: |
        curl -f http://localhost/
      interval: 5s
    deploy:
      resources:
        limits: {cpus: "0.5", memory: 50M}
    volumes:
      - data:/data
      - type: bind
        source: ./a
        target: /a
        read_only: true
    ulimits:
      nofile: {soft: 1, hard: 2}
    networks:
      back:
        ipv4_address: 10.0.0.2
    privileged: false
    read_only: \${RO}
    logging:
      driver: json-file
      options:
        max-size: 10m
  db:
    image: postgres
    environment: ["A=1"]
networks:
  back:
    driver: bridge
volumes:
  data:
secrets:
  s:
    file: ./s.txt
`;
    expect(wrong(text)).toEqual([]);
  });
  test.each([
    ['services:\n  web:\n    imge: x\n', ['3: no imge. image?']],
    ['servces:\n  web:\n    image: x\n', ['1: no servces. services?']],
    ['services:\n  web:\n    image: x\n    ports: 80\n', ['4: list']],
    ['services:\n  web: x\n', ['2: map']],
    ['services:\n  web:\n    depends_on:\n      db:\n        condition: healthy\n', ['5: one of service_started, service_healthy, service_completed_successfully']],
    ['services:\n  web:\n    healthcheck:\n      tset: x\n', ['4: no tset. test?']],
    ['services:\n  web:\n    image: [a]\n', ['3: text']],
    ['services:\n  web:\n\t  image: a\n', ['3: tab']],
  ])('%j', (text, found) => expect(wrong(text)).toEqual(found));
});

describe('what may be written next', () => {
  const labels = (text: string, after = '') => (suggestions(schema, text.split('\n'), after.split('\n'))?.options ?? []).map(({ label }: { label: string }) => label);
  const one = (text: string, label: string) => suggestions(schema, text.split('\n'), [])?.options.find((option: { label: string }) => option.label === label);

  test('keys of a place, without those that are there', () => {
    expect(labels('')).toEqual(expect.arrayContaining(['services', 'volumes', 'networks', 'include']));
    const found = labels('services:\n  web:\n    image: x\n    r');
    expect(found).toContain('restart');
    expect(found).not.toContain('image');
    expect(labels('services:\n  web:\n    ports:\n      - target: 80\n        pub')).toContain('published');
  });
  test('what follows a key: a value in its line, or the next line', () => {
    expect([one('services:\n  web:\n    ', 'image').apply, one('services:\n  web:\n    ', 'healthcheck').apply, one('services:\n  web:\n    ', 'ports').apply, one('', 'services').apply]).toEqual(['image: ', 'healthcheck:\n      ', 'ports:\n      - ', 'services:\n  ']);
    expect(one('services:\n  web:\n    ', 'image').info).toBeString();
  });
  test('values that are to choose from, and names of the file', () => {
    expect(labels('services:\n  web:\n    privileged: ')).toEqual(['true', 'false']);
    expect(labels('services:\n  web:\n    depends_on:\n      - ', '  db:\n    image: x\n  cache:\n    image: y\n')).toEqual(['db', 'cache']);
    expect(labels('networks:\n  back:\nservices:\n  web:\n    networks:\n      - ')).toEqual(['back']);
    expect(labels('services:\n  web:\n    image: "')).toEqual([]);
  });
});

test('references and alternatives lead somewhere', () => {
  expect(keysOf(schemasAt(schema, ['services', 'web', 'deploy', 'resources', 'limits'])).keys.has('memory')).toBe(true);
  expect(schemasAt(schema, ['services', 'web', 'nowhere'])).toBeNull();
});
