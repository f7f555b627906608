import { afterEach, describe, expect, test } from 'bun:test';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, statSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { en } from '../../i18n/en.ts';
import { manualClock } from '../../lib/clock.ts';
import { AppError } from '../../lib/errors.ts';
import { createLog } from '../../lib/log.ts';
import { systemRandom } from '../../lib/random.ts';
import { listAddresses } from '../../platform/addresses.ts';
import { exec } from '../../platform/exec.ts';
import { alternativeNames, inspectPair, plainName } from './certificate.ts';
import { issueSelfSigned } from './issue.ts';
import { openCertificate, ownPaths } from './source.ts';

const DAY = 86_400_000;
const START = Date.parse('2026-03-01T00:00:00Z');
const folders: string[] = [];

afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true })));

function place() {
  const dataDir = mkdtempSync(join(tmpdir(), 'mantou-cert-'));
  folders.push(dataDir);
  const clock = manualClock(START);
  const lines: string[] = [];
  const log = createLog(clock.now, (_level, line) => void lines.push(line));
  const tell = (thrown: unknown) => (thrown instanceof AppError ? thrown.say(en) : String(thrown));
  const open = (config: { host?: string; tlsCert?: string; tlsKey?: string } = {}) =>
    openCertificate({ clock, log, random: systemRandom, exec, tell, config: { dataDir, host: '0.0.0.0', tlsCert: undefined, tlsKey: undefined, ...config } });
  return { dataDir, clock, lines, open, file: (name: string) => join(dataDir, name) };
}

async function pairOf(names: string[], at = START) {
  return issueSelfSigned(names, at, systemRandom);
}

const refusal = async (work: () => unknown) => {
  try {
    await work();
  } catch (error) {
    if (error instanceof AppError) return error.say(en);
    throw error;
  }
  return 'not refused';
};

describe('the self-signed certificate', () => {
  test('is made once, names the machine, and is private', async () => {
    const { open, dataDir } = place();
    const facts = (await open({ host: 'box.example' })).facts();
    expect(facts.names).toEqual(expect.arrayContaining([hostname().toLowerCase(), 'localhost', '127.0.0.1', '::1', 'box.example']));
    expect(facts.names).toEqual(expect.arrayContaining(listAddresses().map(({ address }) => plainName(address))));
    expect(facts.selfSigned).toBe(true);
    expect(facts.notAfter - facts.notBefore).toBeLessThanOrEqual(397 * DAY);
    const paths = ownPaths(dataDir);
    expect([paths.cert, paths.key].map((path) => statSync(path).mode & 0o777)).toEqual([0o600, 0o600]);
    expect((await open({ host: 'box.example' })).facts().fingerprint).toBe(facts.fingerprint);
  });

  test('is for servers only, by the P-256 curve', async () => {
    const certificate = new X509Certificate((await pairOf(['box', '10.0.0.1', '2001:db8::1'])).cert);
    expect(certificate.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
    expect(certificate.ca).toBe(false);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.checkHost('box')).toBe('box');
    expect(certificate.checkIP('10.0.0.1')).toBe('10.0.0.1');
    expect(alternativeNames(certificate.subjectAltName!)).toEqual(['box', '10.0.0.1', '2001:db8::1']);
  });

  test('is made anew 30 days before its end, while the panel runs and at start', async () => {
    const { open, clock } = place();
    const source = await open();
    const first = source.facts().fingerprint;
    clock.advance(365 * DAY);
    expect(await source.refresh()).toBe(false);
    clock.advance(2 * DAY);
    expect(await source.refresh()).toBe(true);
    expect(source.facts().fingerprint).not.toBe(first);
    expect(source.facts().notAfter).toBeGreaterThan(clock.now() + 390 * DAY);
    clock.advance(800 * DAY);
    expect((await open()).facts().notAfter).toBeGreaterThan(clock.now() + 390 * DAY);
  });

  test('is made anew when it lacks the address that the panel listens on', async () => {
    const { open } = place();
    const first = (await open()).facts();
    const second = (await open({ host: '192.0.2.7' })).facts();
    expect(second.fingerprint).not.toBe(first.fingerprint);
    expect(second.names).toContain('192.0.2.7');
  });

  test('a damaged or half-written pair is replaced', async () => {
    const { open, dataDir, lines } = place();
    const first = (await open()).facts();
    writeFileSync(ownPaths(dataDir).key, (await pairOf(['other'])).key);
    expect((await open()).facts().fingerprint).not.toBe(first.fingerprint);
    writeFileSync(ownPaths(dataDir).cert, 'nonsense');
    expect((await open()).facts().selfSigned).toBe(true);
    expect(lines.filter((line) => line.includes(' warn '))).toHaveLength(2);
  });
});

describe('files of --tls-cert and --tls-key', () => {
  test('each fault is told in one line that names the file', async () => {
    const { open, file, clock } = place();
    const pair = await pairOf(['box']);
    const [cert, key] = [file('cert.pem'), file('key.pem')];
    const give = async (certText: string, keyText: string) => {
      writeFileSync(cert, certText);
      writeFileSync(key, keyText);
      const told = await refusal(() => open({ tlsCert: cert, tlsKey: key }));
      expect(told).not.toContain('\n');
      return told;
    };
    expect(await refusal(() => open({ tlsCert: file('missing.pem'), tlsKey: key }))).toContain(`${file('missing.pem')} cannot be read: ENOENT`);
    expect(await give('nonsense', pair.key)).toContain(`${cert} holds no certificate in PEM`);
    expect(await give(pair.cert, 'nonsense')).toContain(`${key} holds no private key in PEM`);
    expect(await give(pair.cert, '-----BEGIN ENCRYPTED PRIVATE KEY-----\n')).toContain('passphrase');
    expect(await give(pair.cert, (await pairOf(['other'])).key)).toContain(`does not belong to the certificate in ${cert}`);
    clock.set(START + 400 * DAY);
    expect(await give(pair.cert, pair.key)).toContain('ended on 2027-04-01');
    clock.set(START - 30 * DAY);
    expect(await give(pair.cert, pair.key)).toContain('valid only from 2026-02-28');
  });

  test('are read again when they change; a pair that does not match is not used', async () => {
    const { open, file, lines } = place();
    const [one, two] = [await pairOf(['one']), await pairOf(['two'])];
    for (const [name, pair] of [['one', one], ['two', two]] as const) {
      writeFileSync(file(`${name}.cert`), pair.cert);
      writeFileSync(file(`${name}.key`), pair.key);
    }
    // As certbot does: live/ holds links, and a renewal moves the links one after the other.
    const link = (name: string, to: string) => {
      rmSync(file(name), { force: true });
      symlinkSync(file(to), file(name));
    };
    link('cert.pem', 'one.cert');
    link('key.pem', 'one.key');
    const source = await open({ tlsCert: file('cert.pem'), tlsKey: file('key.pem') });
    expect(await source.refresh()).toBe(false);
    link('cert.pem', 'two.cert');
    expect(await source.refresh()).toBe(false);
    expect(source.pair().cert).toBe(one.cert);
    expect(lines.at(-1)).toContain('does not belong');
    link('key.pem', 'two.key');
    expect(await source.refresh()).toBe(true);
    expect(source.pair()).toEqual(two);
    expect(source.facts().names).toEqual(['two']);
    unlinkSync(file('cert.pem'));
    expect(await source.refresh()).toBe(false);
    expect(source.pair()).toEqual(two);
  });
});

test('inspectPair tells the fingerprint that browsers show', async () => {
  const pair = await pairOf(['box']);
  const facts = inspectPair(pair, { cert: 'c', key: 'k' }, START);
  expect(facts.fingerprint).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
});
