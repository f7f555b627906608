/** Checksums of files. */
export const checksums = {
  action: 'Checksums…',
  of: (p: { name: string }) => `Checksums of “${p.name}”`,
  reading: 'Reading the file…',
  progress: (p: { done: string; total: string }) => `${p.done} of ${p.total}`,
  compare: 'Compare with',
  compareHint: 'Paste a SHA-256, SHA-1 or MD5 value.',
  matches: (p: { algorithm: string }) => `It matches: ${p.algorithm}.`,
  differs: 'It matches none of the checksums of this file.',
  changed: 'The file changed while it was read. Try again.',
  busy: 'Too many checksums are being computed. Try again in a moment.',
  noScript: 'The progress needs JavaScript; the API computes checksums without it.',
  size: 'Size',
};
