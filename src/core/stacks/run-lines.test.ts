import { expect, test } from 'bun:test';
import { AppError } from '../../lib/errors.ts';
import { en } from '../../i18n/en.ts';
import { addRunLines } from './run-lines.ts';

const FILE = `# the shop
services:
    web:   # in front
        image: nginx
        ports: ["80:80"]

# at the end
volumes:
    data: {}
`;

test('a docker run command becomes a service of a file, which stays as it is written', () => {
  const { compose, services } = addRunLines(FILE, String.raw`docker run -d --name db -p 22:22 -v data:/d -v pg:/var/lib \
    -e 'PW=a$b' --shm-size 1g --network back postgres:17 postgres -c fsync=off`, en);
  expect(services).toEqual([{ service: 'db', left: ['--shm-size'] }]);
  expect(compose).toStartWith(FILE.slice(0, FILE.indexOf('\n# at the end')));
  expect(compose).toContain('# at the end\nvolumes:\n    data: {}\n    pg: {}\n');
  expect(compose).toEndWith('networks:\n  back:\n    external: true\n');
  expect(Bun.YAML.parse(compose)).toMatchObject({
    services: { web: { image: 'nginx' }, db: { container_name: 'db', image: 'postgres:17', ports: ['22:22'], environment: ['PW=a$$b'], volumes: ['data:/d', 'pg:/var/lib'], networks: ['back'], command: ['postgres', '-c', 'fsync=off'] } },
  });
  // Of old, 22:22 without quotes is the number 1342.
  expect(compose).toContain('- "22:22"');
});

test('several commands are several services, each with a name of its own, also in a file that is empty', () => {
  const { compose, services } = addRunLines('', '$ docker run -d ghcr.io/acme/web.app:2\n\nsudo docker run --restart=always redis\ndocker run redis redis-server\n', en);
  expect(services.map(({ service }) => service)).toEqual(['web-app', 'redis', 'redis-2']);
  expect(Bun.YAML.parse(compose)).toEqual({ services: { 'web-app': { image: 'ghcr.io/acme/web.app:2' }, redis: { image: 'redis', restart: 'always' }, 'redis-2': { image: 'redis', command: ['redis-server'] } } });
});

test('a section in one line is written anew, and what is there stays', () => {
  const { compose } = addRunLines('services: {web: {image: nginx}}\nx-more: 1\n', 'docker run -d alpine', en);
  expect(Bun.YAML.parse(compose)).toEqual({ services: { web: { image: 'nginx' }, alpine: { image: 'alpine' } }, 'x-more': 1 });
  expect(Bun.YAML.parse(addRunLines('services:\n', 'docker run -d alpine', en).compose)).toEqual({ services: { alpine: { image: 'alpine' } } });
  expect(Bun.YAML.parse(addRunLines('services:\n  web: {image: x}', 'docker run -d alpine', en).compose)).toEqual({ services: { web: { image: 'x' }, alpine: { image: 'alpine' } } });
});

test('what cannot be said is named', () => {
  const refused = (text: string, file = '') => {
    try {
      addRunLines(file, text, en);
    } catch (error) {
      return error instanceof AppError ? [error.code, error.say(en)] : error;
    }
    return null;
  };
  expect(refused('')).toEqual(['invalid', 'This is no docker run command.']);
  expect(refused('docker ps')).toEqual(['invalid', 'docker ps: This is no docker run command.']);
  expect(refused('docker run -p 80:http x')).toEqual(['invalid', expect.stringContaining('ports')]);
  expect(refused('docker run x; rm -rf /')).toEqual(['invalid', expect.any(String)]);
  expect(refused('docker run x', 'services: [')).toEqual(['invalid', 'Compose does not take these files.']);
});
