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
    ['psql -dpostgres://shop:geheim@db/shop', 'psql -dpostgres://shop:•••@db/shop'],
    ['a --token-of-token=geheim -api-key  geheim', 'a --token-of-token=••• -api-key  •••'],
    [`--${'x'.repeat(300)}-secret-${'x'.repeat(300)} geheim`, `--${'x'.repeat(300)}-secret-${'x'.repeat(300)} •••`],
    [`${'X'.repeat(300)}_TOKEN_${'X'.repeat(300)}=geheim`, `${'X'.repeat(300)}_TOKEN_${'X'.repeat(300)}=•••`],
    [`${'x'.repeat(300)}://${'u'.repeat(300)}:geheim@h`, `${'x'.repeat(300)}://${'u'.repeat(300)}:•••@h`],
  ] as const) expect(hideSecrets(line)).toBe(shown);
});

test('S13 what is none stays as it is', () => {
  for (const line of ['sshd: /usr/sbin/sshd -D [listener]', 'mantou user add eve --password-stdin --role viewer', 'nginx: worker process', 'curl https://example.org:8443/a@b']) {
    expect(hideSecrets(line)).toBe(line);
  }
});

describe('S13 a line that somebody made long is read in a time that grows as the line does', () => {
  const LONG = 100_000;
  const repeated = (unit: string) => (size: number) => unit.repeat(Math.ceil(size / unit.length)).slice(0, size);
  /** The fastest of some: a machine that is busy with something else is slower, never faster. */
  const fastest = (line: string) => Math.min(...Array.from({ length: 15 }, () => {
    const from = performance.now();
    hideSecrets(line);
    return performance.now() - from;
  }));
  test.each([
    ['an option of one name', (size: number) => `--${repeated('token')(size)}`],
    ['options', repeated(' --token-token')],
    ['a variable of one name', repeated('TOKEN')],
    ['variables', repeated(' TOKENTOKEN')],
    ['an option and spaces', (size: number) => `--token${repeated(' ')(size)}-`],
    ['letters', repeated('a')],
    ['schemes', repeated('a.')],
    ['dashes', repeated(' -')],
    ['addresses', repeated('a://')],
    ['addresses with names', repeated('a://b:c')],
    ['a user', (size: number) => `a://${repeated('b')(size)}`],
    ['a password', (size: number) => `a://b:${repeated('c')(size)}`],
    ['passwords', (size: number) => `a://b:${repeated('c:')(size)}`],
  ] as const)('%s', (_, make) => {
    // Eight times as long takes about eight times as long; what looks back from every place takes sixty-four times.
    expect(fastest(make(LONG)) / fastest(make(LONG / 8))).toBeLessThan(24);
  });
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
