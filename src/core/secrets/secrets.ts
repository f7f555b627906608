import { createCipheriv, createDecipheriv } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../lib/errors.ts';
import type { Random } from '../../lib/random.ts';

/** Seals what must be readable again (TOTP keys, later passwords of registries) with a key that lies beside the database. */
export interface Secrets {
  seal(plain: string, context: string): string;
  /** @throws AppError internal when the text was sealed by another key, for another context, or changed. */
  open(sealed: string, context: string): string;
  /** HMAC key derived for one purpose, for signed cookies. */
  key(purpose: string): Uint8Array;
}

const FORMAT = 'v1';

/** AES-256-GCM (NIST SP 800-38D), 96-bit random nonce; `context` is bound as associated data, so rows cannot be swapped. */
export function createSecrets(master: Uint8Array, random: Random): Secrets {
  const key = derive(master, 'seal');
  return {
    seal(plain, context) {
      const nonce = random.bytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return [FORMAT, Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')].join('.');
    },
    open(sealed, context) {
      try {
        const [format, text = ''] = sealed.split('.');
        if (format !== FORMAT) throw new Error(`unknown format ${format}`);
        const bytes = Buffer.from(text, 'base64url');
        const cipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12)).setAAD(Buffer.from(context));
        cipher.setAuthTag(bytes.subarray(12, 28));
        return cipher.update(bytes.subarray(28), undefined, 'utf8') + cipher.final('utf8');
      } catch (cause) {
        throw new AppError('internal', (t) => t.errors.sealBroken, { cause });
      }
    },
    key: (purpose) => derive(master, purpose),
  };
}

const derive = (master: Uint8Array, purpose: string): Uint8Array =>
  new Bun.CryptoHasher('sha256', master).update(`mantou/${purpose}`).digest();

/** The 32 random bytes of this installation, made at first start; mode 0600. */
export function loadMasterKey(dataDir: string, random: Random): Uint8Array {
  const path = join(dataDir, 'secret.key');
  if (existsSync(path)) {
    const bytes = Buffer.from(readFileSync(path, 'utf8').trim(), 'base64url');
    if (bytes.length !== 32) throw new AppError('unavailable', (t) => t.storage.keyDamaged({ path }));
    return bytes;
  }
  const bytes = random.bytes(32);
  // Whole or not at all: half a key, left by a process that was killed or by a power cut, would keep the panel from starting.
  writeFileSync(`${path}.new`, Buffer.from(bytes).toString('base64url') + '\n', { mode: 0o600, flush: true });
  renameSync(`${path}.new`, path);
  return bytes;
}
