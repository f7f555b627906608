import { crc32 } from 'node:zlib';
import { badChecksum } from './refusal.ts';

/** Those of the header `Upload-Checksum` (tus 1.0.0, "Checksum"); sha1 is the one that every server must know. */
export const CHECKSUMS = ['sha1', 'sha256', 'md5', 'crc32'] as const;

export interface Checksum {
  update(bytes: Uint8Array): void;
  /** Is it what the sender said? */
  matches(): boolean;
}

/**
 * @param header `sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=`; null: the sender says nothing
 * @throws UploadRefusal 400 for another algorithm or what is no Base64
 */
export function checksumOf(header: string | null): Checksum | null {
  if (header === null) return null;
  const [name = '', text = ''] = header.split(' ');
  const algorithm = CHECKSUMS.find((one) => one === name);
  if (!algorithm || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) throw badChecksum();
  const expected = Buffer.from(text, 'base64');
  if (algorithm === 'crc32') {
    let sum = 0;
    const bytes = Buffer.alloc(4);
    return {
      update: (piece) => void (sum = crc32(piece, sum)),
      matches: () => (bytes.writeUInt32BE(sum), bytes.equals(expected)),
    };
  }
  const hash = new Bun.CryptoHasher(algorithm);
  return { update: (piece) => void hash.update(piece), matches: () => Buffer.from(hash.digest()).equals(expected) };
}
