import { expect, test } from 'bun:test';
import { systemRandom } from '../../lib/random.ts';
import { COMMON_PASSWORDS } from './common-passwords.ts';
import { UserName } from './name.ts';
import { generatePassword, hashPassword, Password, refuseWeak, verifyPassword } from './password.ts';

test('S11 passwords are kept as argon2id with the memory and time of the OWASP sheet', async () => {
  const hash = await hashPassword('bamboo steamer hill');
  expect(hash).toStartWith('$argon2id$v=19$m=19456,t=2,p=1$');
  expect(await verifyPassword('bamboo steamer hill', hash)).toBe(true);
  expect(await verifyPassword('bamboo steamer hilL', hash)).toBe(false);
  expect(await verifyPassword('', hash)).toBe(false);
  expect(await verifyPassword('anything', undefined)).toBe(false);
  expect(await verifyPassword('anything', 'damaged')).toBe(false);
});

test('a password is the same however a keyboard composes it', async () => {
  expect(await verifyPassword('cafe\u0301 cafe\u0301 cafe\u0301', await hashPassword('caf\u00e9 caf\u00e9 caf\u00e9'))).toBe(true);
});

test('what is tried first is refused', () => {
  for (const weak of ['password123', 'Password123', 'qwertyuiop', '1234567890', '0987654321', 'abcdefghij', 'aaaaaaaaaaaa', 'abababababab', 'administrator', 'mantou1234', 'ＰＡＳＳＷＯＲＤ１２３']) {
    expect(() => refuseWeak(weak, 'lin'), weak).toThrow();
  }
  expect(() => refuseWeak('LinXiaoming', 'linxiaoming')).toThrow();
  expect(() => refuseWeak('gnimoaixnil', 'linxiaoming')).toThrow();
  for (const good of ['bamboo steamer hill', '竹蒸笼里的白馒头很香甜', 'x8#kQ2!mzP']) refuseWeak(good, 'lin');
});

test('the list holds only what could be typed here, once, in lower case', () => {
  for (const one of COMMON_PASSWORDS) expect([one, one.length >= 10, one === one.toLowerCase()]).toEqual([one, true, true]);
  expect(COMMON_PASSWORDS.size).toBeGreaterThan(300);
});

test('a generated one passes its own rules and has 100 bits', () => {
  const made = generatePassword(systemRandom);
  expect(made).toMatch(/^([a-km-z2-9]{4}-){4}[a-km-z2-9]{4}$/);
  expect(Password.safeParse(made).success).toBe(true);
  refuseWeak(made, 'lin');
  expect(new Set(Array.from({ length: 100 }, () => generatePassword(systemRandom))).size).toBe(100);
});

test('S2 S3 names are one word of letters and digits, never an option or a line', () => {
  for (const name of ['lin', '林小明', 'a', 'a.b_c-d@e', 'Zoë', '3com']) expect(UserName.parse(name)).toBe(name.normalize('NFKC'));
  for (const name of ['', ' ', '-rf', '.hidden', '@a', 'a b', 'a\nb', 'a\0', 'a/b', '<b>', 'a\u202Eb', 'system', 'CLI', 'Anonymous', 'x'.repeat(65)]) {
    expect(UserName.safeParse(name).success, JSON.stringify(name)).toBe(false);
  }
});
