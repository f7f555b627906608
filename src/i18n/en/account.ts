/** One's own account: password, second factor, passkeys, sessions, API tokens. */
export const account = {
  labelEmpty: 'A name is needed, to tell this from others later.',
  labelLong: 'A name has at most 64 characters.',
  labelRule: 'A name is one line of visible characters.',
  tokenRole: 'A token cannot do more than you may.',
  tokensFull: (p: { n: number }) => `There are already ${p.n} tokens. Remove those that nothing uses.`,
  tokenMissing: 'There is no such token.',
  sessionMissing: 'There is no such session.',
};
