/** Content codings that assets come in, the one we like best first. */
export const encodings = ['zstd', 'br', 'gzip'] as const;

export type Encoding = (typeof encodings)[number] | 'identity';

/**
 * The coding to answer with: of those there are, the one the browser weighs most, ours first among equals
 * (RFC 9110, section 12.5.3). `identity` when it accepts none, or says nothing.
 *
 * @param accept e.g. `gzip, deflate, br;q=0.9, zstd;q=0`
 */
export function chooseEncoding(accept: string | null, available: readonly Encoding[]): Encoding {
  if (!accept) return 'identity';
  const weights = new Map<string, number>();
  for (const part of accept.toLowerCase().split(',')) {
    const [name = '', ...parameters] = part.split(';').map((piece) => piece.trim());
    const q = parameters.find((parameter) => parameter.startsWith('q='));
    const weight = q === undefined ? 1 : Number(q.slice(2));
    weights.set(name, weight >= 0 && weight <= 1 ? weight : 0);
  }
  const weigh = (name: string) => weights.get(name) ?? weights.get('*') ?? 0;
  let best: Encoding = 'identity';
  for (const name of encodings) {
    const least = best === 'identity' ? 0 : weigh(best);
    if (available.includes(name) && weigh(name) > least) best = name;
  }
  return best;
}
