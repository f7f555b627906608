/** What the console says when the panel starts and stops. */
export const start = {
  ready: (p: { version: string; url: string }) => `Mantou ${p.version} is ready: ${p.url}`,
  setup: 'Open this address to create the administrator (valid for 30 minutes, works once):',
  elsewhere: (p: { port: number; machine: string }) =>
    `Only this machine can reach it. From another one: ssh -L ${p.port}:127.0.0.1:${p.port} ${p.machine}, then open the same address there; or start with --host 0.0.0.0 (with TLS).`,
  reach: (p: { urls: string }) => `Also at: ${p.urls}`,
  proxied: 'It speaks plain HTTP, for the trusted proxy: open it under the address of the proxy.',
  fingerprint: (p: { fingerprint: string }) => `Certificate fingerprint (SHA-256), compare it with what the browser shows:\n  ${p.fingerprint}`,
  dataDir: (p: { path: string }) => `Data directory: ${p.path}`,
  demo: 'Demo: a made-up machine; nothing you do touches this one.',
  portInUse: (p: { host: string; port: number }) => `${p.host}:${p.port} is already in use. Stop the program that holds it, or name another port with --port.`,
  addressMissing: (p: { host: string }) => `This machine has no address ${p.host}. Use 127.0.0.1, 0.0.0.0 or one of its own.`,
  portDenied: (p: { port: number }) => `Port ${p.port} needs root. Choose a port above 1023 with --port.`,
  stopping: 'Stopping…',
};
