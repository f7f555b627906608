/** What can be wrong with the files of --tls-cert and --tls-key. */
export const certificate = {
  mismatch: (p: { cert: string; key: string }) => `The private key in ${p.key} does not belong to the certificate in ${p.cert}. Give the two files of one pair.`,
  expired: (p: { path: string; on: string }) => `The certificate in ${p.path} ended on ${p.on}. Renew it, or start without --tls-cert and --tls-key for a self-signed one.`,
  future: (p: { path: string; on: string }) => `The certificate in ${p.path} is valid only from ${p.on}. Check the clock of this machine.`,
  unreadable: (p: { path: string }) => `${p.path} holds no certificate in PEM (-----BEGIN CERTIFICATE-----).`,
  keyUnreadable: (p: { path: string }) => `${p.path} holds no private key in PEM (-----BEGIN PRIVATE KEY-----).`,
  keyEncrypted: (p: { path: string }) => `The private key in ${p.path} has a passphrase. Use one without: openssl pkey -in ${p.path} -out key.pem`,
  fileUnreadable: (p: { path: string; reason: string }) => `${p.path} cannot be read: ${p.reason}.`,
};
