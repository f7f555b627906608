import { expect, test } from 'bun:test';
import { hideSecrets } from './command-line.ts';

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
