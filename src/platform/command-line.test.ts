import { describe, expect, test } from 'bun:test';
import { hideSecrets, splitWords } from './command-line.ts';

test('S13 what programs are told in secret is not shown', () => {
  for (const [line, shown] of [
    ['mysqldump --password=geheim db', 'mysqldump --password=••• db'],
    ['tool --db-password geheim --verbose', 'tool --db-password ••• --verbose'],
    ['restic --api-key geheim', 'restic --api-key •••'],
    ['env PGPASSWORD=geheim psql', 'env PGPASSWORD=••• psql'],
    ['redis-cli -u redis://user:geheim@10.0.0.1:6379', 'redis-cli -u redis://user:•••@10.0.0.1:6379'],
    ['psql postgres://shop:geheim@db/shop', 'psql postgres://shop:•••@db/shop'],
  ] as const) expect(hideSecrets(line)).toBe(shown);
});

test('S13 what is none stays as it is', () => {
  for (const line of ['sshd: /usr/sbin/sshd -D [listener]', 'mantou user add eve --password-stdin --role viewer', 'nginx: worker process', 'curl https://example.org:8443/a@b']) {
    expect(hideSecrets(line)).toBe(line);
  }
});

describe('words of a command as it is typed', () => {
  test.each([
    ['node worker.js --port 80', ['node', 'worker.js', '--port', '80']],
    ['  a   b\t c\n', ['a', 'b', 'c']],
    [`sh -c "echo hi > /tmp/x && ls"`, ['sh', '-c', 'echo hi > /tmp/x && ls']],
    [`a 'b c' "d e" f\\ g ""`, ['a', 'b c', 'd e', 'f g', '']],
    [`"a\\"b" 'a\\b' "a\\nb" x\\\\y`, ['a"b', 'a\\b', 'a\\nb', 'x\\y']],
    [`pre'fix'"ed"`, ['prefixed']],
    [`a '|' \\; ">"`, ['a', '|', ';', '>']],
    ['$HOME %n *.txt a=b', ['$HOME', '%n', '*.txt', 'a=b']],
    ['', []],
  ])('%p', (line, words) => expect(splitWords(line)).toEqual(words));

  test('a backslash divides folders on Windows', () => expect(splitWords(`"C:\\Program Files\\bun\\bun.exe" run C:\\srv\\x.ts it's`, false)).toEqual(['C:\\Program Files\\bun\\bun.exe', 'run', 'C:\\srv\\x.ts', "it's"]));
  test.each(["a 'b", 'a "b', 'a "b\\"'])('a quote that is not closed: %p', (line) => expect(splitWords(line)).toBeNull());
  test.each(['a | b', 'a && b', 'a ; b', 'a > b', 'a 2> b', 'a &', 'a < b'])('what only a shell understands: %p', (line) => expect(splitWords(line)).toBe('shell'));
});
