import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { aclText, parseGetfacl } from './acl.ts';
import { parseGetcap, parseGetfattr } from './extras.ts';
import { parseLsattr } from './flags.ts';

/** What the tools of Debian 12 wrote. */
const sample = (name: string) => readFileSync(join(import.meta.dir, '../../../../test/fixtures/linux/files', name), 'utf8');

test('what is no access list has no entries, and broken lines are passed over', () => {
  expect(parseGetfacl('').entries).toEqual([]);
  expect(parseGetfacl('user:root:rwx\nuser:0:rwxx\nuser:-1:rwx\nevil\n# owner: root\n')).toEqual({ owner: '', group: '', inherits: false, entries: [] });
  expect(parseLsattr('lsattr: Operation not supported While reading flags on x')).toBeNull();
  expect(parseLsattr('')).toBeNull();
  expect(parseGetfattr('# file: x\n\n')).toEqual([]);
  expect(parseGetcap('Failed to get capabilities of file', '/srv/plain')).toBe('');
});

test('getfacl: named users and groups, the mask, and the entries that new children get', () => {
  const file = parseGetfacl(sample('getfacl-plain.txt'));
  expect(file).toMatchObject({ owner: '0', group: '0' });
  expect(aclText(file)).toBe('user::rw-\nuser:33:rwx\ngroup::r--\ngroup:4:r--\nmask::r-x\nother::r--\n');
  const folder = parseGetfacl(sample('getfacl-d.txt'));
  expect(aclText(folder)).toBe(
    'user::rwx\nuser:0:r--\ngroup::r-x\nmask::r-x\nother::r-x\ndefault:user::rwx\ndefault:user:33:rwx\ndefault:group::r-x\ndefault:mask::rwx\ndefault:other::r-x\n',
  );
});

test('lsattr, getfattr and getcap', () => {
  expect(parseLsattr(sample('lsattr.txt'))).toEqual({ immutable: true, appendOnly: false });
  expect(parseGetfattr(sample('getfattr.txt'))).toEqual([
    { name: 'security.capability', value: '0x0100000200240000000000000000000000000000' },
    { name: 'user.bin', value: '0x010203ff' },
    { name: 'user.bro\\xe9', value: 'x' },
    { name: 'user.comment', value: '馒头\ntwo "q" \\' },
  ]);
  expect(parseGetcap(sample('getcap.txt'), '/srv/plain')).toBe('cap_net_bind_service,cap_net_raw=ep');
});
