import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const run = (argv: string[]) => {
  const done = Bun.spawnSync(argv, { stdout: 'ignore', stderr: 'pipe', timeout: 300_000 });
  if (done.exitCode !== 0) throw new Error(`${argv.join(' ')}: ${done.stderr}`);
};

export interface Pair {
  cert: string;
  key: string;
}

const CURVE = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/** An authority of openssl(1), with a client's certificate; `leaf` makes more, `other` is an authority that nobody knows. */
export function testPki() {
  const folder = mkdtempSync(join(tmpdir(), 'mantou-pki-'));
  const path = (name: string) => join(folder, name);
  const read = (name: string): Pair => ({ cert: readFileSync(path(`${name}.pem`), 'utf8'), key: readFileSync(path(`${name}.key`), 'utf8') });
  const authority = (name: string) => {
    run(['openssl', 'req', '-x509', ...CURVE, '-keyout', path(`${name}.key`), '-out', path(`${name}.pem`), '-days', '2', '-subj', `/CN=${name}`]);
    return read(name);
  };
  /** @param days negative: it has ended */
  const leaf = (name: string, names: readonly string[], { by = 'ca', days = 2 } = {}): Pair => {
    const san = names.map((one) => (/^[\d.]+$/.test(one) ? `IP:${one}` : `DNS:${one}`)).join(',');
    run(['openssl', 'req', ...CURVE, '-keyout', path(`${name}.key`), '-out', path(`${name}.csr`), '-subj', `/CN=${name}`, '-addext', `subjectAltName=${san}`]);
    run(['openssl', 'x509', '-req', '-in', path(`${name}.csr`), '-CA', path(`${by}.pem`), '-CAkey', path(`${by}.key`), '-CAcreateserial', '-out', path(`${name}.pem`), '-copy_extensions', 'copy', '-days', String(days)]);
    return read(name);
  };
  const ca = authority('ca');
  return { ca, leaf, authority, client: leaf('client', ['client']), remove: () => rmSync(folder, { recursive: true, force: true }) };
}
