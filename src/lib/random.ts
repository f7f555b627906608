/** Randomness as an argument. */
export interface Random {
  /** Sortable unique id (UUID version 7), for rows and tasks. */
  id(): string;
  /** Secret of 256 bits in base64url (43 characters), for sessions, API tokens and setup. */
  token(): string;
  bytes(length: number): Uint8Array<ArrayBuffer>;
}

export const systemRandom: Random = {
  id: () => Bun.randomUUIDv7(),
  token: () => Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url'),
  bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
};

/** Secrets are stored only as this: the hex SHA-256 of the token. */
export const sha256 = (value: string) => new Bun.CryptoHasher('sha256').update(value).digest('hex');
