import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DockerClient, DockerLoan, DockerTls } from '../../../platform/docker.ts';
import { createDocker } from '../../../platform/docker/engine.ts';
import { openHandover } from '../../../platform/ssh/handover.ts';
import type { App } from '../../app.ts';
import { endpointRow, openPem } from './endpoints.ts';

export interface TlsDocker extends DockerClient {
  /** For programs of this machine. */
  lend(): Promise<DockerLoan>;
}

/** An engine behind TLS. Its key is unsealed when it is used. */
export function createTlsDocker(needs: Pick<App, 'db' | 'config' | 'secrets'>, id: string, url: () => string): TlsDocker {
  const tls = (): DockerTls => {
    const row = endpointRow(needs, id);
    return { ca: openPem(needs, row, 'ca') ?? '', cert: openPem(needs, row, 'certificate') ?? undefined, key: openPem(needs, row, 'privateKey') ?? undefined };
  };
  // Once each time that it is saved: a new driver is made then.
  let opened: DockerTls | undefined;
  return {
    ...createDocker(url, () => ({ url: url(), tls: (opened ??= tls()) })),
    async lend() {
      const { folder, close } = certificateFolder(needs.config.dataDir, tls());
      return { env: { DOCKER_HOST: url(), DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: folder }, done: close };
    },
  };
}

/** As docker(1) and Compose read it: ca.pem, cert.pem, key.pem. On Linux the key never lies on a disk. */
function certificateFolder(dataDir: string, { ca, cert, key }: DockerTls): { folder: string; close(): void } {
  const open = process.platform === 'linux' ? openHandover(dataDir) : openFolder(dataDir);
  open.file('ca.pem', ca);
  if (cert !== undefined) open.file('cert.pem', cert);
  if (key !== undefined) open.secret('key.pem', key);
  return open;
}

function openFolder(dataDir: string) {
  const base = join(dataDir, 'docker');
  mkdirSync(base, { recursive: true, mode: 0o700 });
  const folder = mkdtempSync(join(base, 'lent-'));
  const file = (name: string, text: string) => writeFileSync(join(folder, name), text, { mode: 0o600, flag: 'wx' });
  return { folder, file, secret: file, close: () => rmSync(folder, { recursive: true, force: true }) };
}
