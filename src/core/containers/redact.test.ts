import { expect, test } from 'bun:test';
import { layerOf } from '../images/image.ts';
import { differences } from './recreate/newer.ts';
import { containerOf, Listed } from './container.ts';
import { allVariables, hideInspected, hideWords, isSecretName, variablesOf } from './redact.ts';

test('S13 names of secrets as people write them', () => {
  const secret = ['DB_PASSWORD', 'MYSQL_ROOT_PASSWORD', 'PGPASS', 'MYSQL_PWD', 'DB_OLDPWD', 'API_KEY', 'STRIPE_KEY', 'AWS_SECRET_ACCESS_KEY', 'apiToken', 'SENTRY_DSN', 'GOOGLE_CREDENTIALS', 'BASIC_AUTH', 'APP_KEY', 'JWT_PRIVATE', 'PASSWORD_SALT', 'traefik.http.middlewares.x.basicauth.users'];
  const open = ['PATH', 'TZ', 'KEYBOARD', 'COLOUR', 'DB_HOST', 'POSTGRES_PASSWORD_FILE', 'SSL_KEY_PATH', 'AUTH_METHOD', 'org.opencontainers.image.authors', 'NODE_ENV', 'PWD', 'OLDPWD'];
  expect(secret.filter((name) => !isSecretName(name))).toEqual([]);
  expect(open.filter(isSecretName)).toEqual([]);
});

test('S13 values of secret variables, and passwords in the addresses of others', () => {
  expect(variablesOf(['A_TOKEN=abc=d', 'URL=redis://lin:pw@cache:6379/0', 'EMPTY_PASSWORD=', 'PLAIN=a=b', 'NO_VALUE'])).toEqual([
    { name: 'A_TOKEN', value: '•••', hidden: true },
    { name: 'URL', value: 'redis://lin:•••@cache:6379/0', hidden: true },
    { name: 'EMPTY_PASSWORD', value: '', hidden: false },
    { name: 'PLAIN', value: 'a=b', hidden: false },
    { name: 'NO_VALUE', value: '', hidden: false },
  ]);
  expect(allVariables(['A_TOKEN=abc=d', 'NO_VALUE'])).toEqual([{ name: 'A_TOKEN', value: 'abc=d', hidden: false }, { name: 'NO_VALUE', value: '', hidden: false }]);
});

test('S13 words of a command line', () => {
  expect(hideWords(['redis', '--requirepass', 'x', '--port', '1', '--api-key=x', 'SECRET=x', 'sh', '-c', 'PASSWORD=x run --token x'])).toEqual(
    ['redis', '--requirepass', '•••', '--port', '1', '--api-key=•••', 'SECRET=•••', 'sh', '-c', 'PASSWORD=•••'],
  );
});

test('S13 secrets within a script, which is one word', () => {
  expect(hideWords(['sh', '-c', 'exec run --token x --verbose'])).toEqual(['sh', '-c', 'exec run --token ••• --verbose']);
});

test('S13 everything that an engine says', () => {
  const said = { Id: 'a', Config: { Env: ['DB_PASSWORD=x', 'PATH=/bin', 'BARE'], Cmd: ['run', '--token', 'x'], Labels: { 'app.secret': 'x', 'app.name': 'web' } }, State: { Pid: 1, Health: null }, SandboxKey: '/run/netns/1' };
  expect(hideInspected(said)).toEqual({
    Id: 'a', Config: { Env: ['DB_PASSWORD=•••', 'PATH=/bin', 'BARE'], Cmd: ['run', '--token', '•••'], Labels: { 'app.secret': '•••', 'app.name': 'web' } }, State: { Pid: 1, Health: null }, SandboxKey: '/run/netns/1',
  });
});

test('S18 how an image was made, without what its variables and arguments held', () => {
  const shown = (CreatedBy: string) => layerOf({ Created: 0, CreatedBy, Size: 0, Comment: '' }).command;
  expect(shown('/bin/sh -c #(nop)  ENV DB_PASSWORD=hunter2')).toBe('ENV DB_PASSWORD=•••');
  expect(shown('ENV TZ=UTC DB_PASSWORD=two words A=1')).toBe('ENV TZ=UTC DB_PASSWORD=••• A=1');
  expect(shown('ARG NPM_TOKEN=abc')).toBe('ARG NPM_TOKEN=•••');
  expect(shown('RUN |2 NPM_TOKEN=abc TZ=UTC /bin/sh -c npm ci --token abc # buildkit')).toBe('RUN |2 NPM_TOKEN=••• TZ=UTC /bin/sh -c npm ci --token •••');
  expect(shown('RUN /bin/sh -c apk add --no-cache curl # buildkit')).toBe('RUN /bin/sh -c apk add --no-cache curl');
  expect(shown('ENV EMPTY_PASSWORD=')).toBe('ENV EMPTY_PASSWORD=');
  expect(shown('ENV EMPTY= DB_PASS=hunter2')).toBe('ENV EMPTY= DB_PASS=•••');
});

test('S18 commands in a list, which viewers see', () => {
  const [raw] = Listed.parse([{ Id: 'a', Image: 'redis', ImageID: 'b', Command: "redis-server --requirepass hunter2 --motto 'it runs' -c 'run --token hunter2'", Created: 0, Status: '' }]);
  expect(containerOf(raw!).command).toBe("redis-server --requirepass ••• --motto 'it runs' -c 'run --token •••");
});

test('S18 what another image would change, without what is secret in it', () => {
  expect(differences({ Env: ['A_TOKEN=hunter1', 'V=1'], Cmd: ['run'] }, { Env: ['A_TOKEN=hunter2', 'V=2'], Cmd: ['run', '--token', 'hunter2'] })).toEqual([
    { part: 'env', gone: ['A_TOKEN=•••', 'V=1'], come: ['A_TOKEN=•••', 'V=2'] },
    { part: 'command', gone: ['run'], come: ['run --token •••'] },
  ]);
});
