// A run of letters is looked at from its beginning only (the look-behinds): from each of its letters, half a megabyte without
// a break would take a quarter of an hour.
const RULES: readonly [RegExp, string][] = [
  // Authorization: Bearer …, and cookies of ours.
  [/\b(bearer|basic)\s+[^\s"',;]+/gi, '$1 [redacted]'],
  [/\b(?:__Host-)?mantou_session=[^\s"',;]+/gi, 'mantou_session=[redacted]'],
  // password=…, "secret": "…", token: …
  [/((?<![\w-])["']?[\w-]*(?:pass(?:word|wd|phrase)?|secret|token|api[_-]?key|otp|cookie)["']?\s*[:=]\s*)("(?:[^"\\]|\\.)*"|'[^']*'|[^\s,;&}]+)/gi, '$1[redacted]'],
  // https://user:password@host
  [/((?<![a-z0-9+.-])[a-z0-9+.-]+:\/\/[^\s/:@]*:)[^\s/@]+@/gi, '$1[redacted]@'],
  // Hashes of passwords, sealed values, blocks of keys.
  [/\$argon2[a-z]*\$[^\s"']+/g, '[redacted]'],
  [/\bv1\.[A-Za-z0-9_-]{38,}/g, '[redacted]'],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, '[redacted]'],
  // 32 random bytes in base64url (our tokens and key) or hex (their hashes), whatever stands before them.
  [/(?<![A-Za-z0-9_-])(?:mantou_)?[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])/g, '[redacted]'],
  [/(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/gi, '[redacted]'],
];

/** Takes out what looks like a secret. The second wall: what is collected is chosen so that none is there. */
export function redact(text: string): string {
  return RULES.reduce((rest, [pattern, by]) => rest.replace(pattern, by), text);
}
