import { createHash, createSign, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';

/** CBOR (RFC 8949) of the little that an authenticator says: maps, texts, bytes and small integers, in the given order. */
function cbor(value: unknown): Buffer {
  const head = (major: number, n: number) => (n < 24 ? Buffer.from([(major << 5) | n]) : n < 256 ? Buffer.from([(major << 5) | 24, n]) : Buffer.from([(major << 5) | 25, n >> 8, n & 255]));
  if (typeof value === 'number') return value >= 0 ? head(0, value) : head(1, -1 - value);
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
  const entries = [...(value as Map<unknown, unknown>)];
  return Buffer.concat([head(5, entries.length), ...entries.flatMap(([key, one]) => [cbor(key), cbor(one)])]);
}

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest();
const b64 = (data: Buffer | string) => Buffer.from(data).toString('base64url');

interface Said {
  /** What the browser would say it talked to. */
  origin: string;
  rpId?: string;
  verified?: boolean;
  challenge?: string;
  type?: string;
}

/**
 * An authenticator in software (W3C Web Authentication Level 3, 6.1 and 6.5), so that a test can lie in every field:
 * Chromium's own is honest. ES256, attestation "none".
 */
export class Authenticator {
  readonly id = randomBytes(16);
  counter = 0;
  #key: KeyObject;
  #public: KeyObject;
  userHandle = Buffer.alloc(0);

  constructor() {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.#key = pair.privateKey;
    this.#public = pair.publicKey;
  }

  /** Answer to `navigator.credentials.create`. */
  create(options: { challenge: string; rp: { id?: string }; user: { id: string } }, said: Said) {
    this.userHandle = Buffer.from(options.user.id, 'base64url');
    const { x = '', y = '' } = this.#public.export({ format: 'jwk' });
    const cose = cbor(new Map<number, unknown>([[1, 2], [3, -7], [-1, 1], [-2, Buffer.from(x, 'base64url')], [-3, Buffer.from(y, 'base64url')]]));
    const attested = Buffer.concat([Buffer.alloc(16), Buffer.from([0, this.id.length]), this.id, cose]);
    const authData = this.#data(said.rpId ?? options.rp.id ?? '', said.verified ?? true, attested);
    const attestationObject = cbor(new Map<string, unknown>([['fmt', 'none'], ['attStmt', new Map()], ['authData', authData]]));
    return this.#answer({ clientDataJSON: b64(this.#client(said, said.type ?? 'webauthn.create', options.challenge)), attestationObject: b64(attestationObject), transports: ['internal'] });
  }

  /** Answer to `navigator.credentials.get`. */
  get(options: { challenge: string; rpId?: string }, said: Said) {
    this.counter++;
    const authData = this.#data(said.rpId ?? options.rpId ?? '', said.verified ?? true);
    const client = this.#client(said, said.type ?? 'webauthn.get', options.challenge);
    const signature = createSign('sha256').update(Buffer.concat([authData, sha256(client)])).sign(this.#key);
    return this.#answer({ clientDataJSON: b64(client), authenticatorData: b64(authData), signature: b64(signature), userHandle: b64(this.userHandle) });
  }

  #data(rpId: string, verified: boolean, attested?: Buffer) {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(this.counter);
    const flags = 1 | (verified ? 4 : 0) | (attested ? 64 : 0);
    return Buffer.concat([sha256(rpId), Buffer.from([flags]), count, attested ?? Buffer.alloc(0)]);
  }

  #client = (said: Said, type: string, challenge: string) => JSON.stringify({ type, challenge: said.challenge ?? challenge, origin: said.origin, crossOrigin: false });

  #answer<T extends object>(response: T) {
    return { id: b64(this.id), rawId: b64(this.id), type: 'public-key', response, clientExtensionResults: {} };
  }
}
