/** Remote downloads: the server fetches a file by its URL. */
export const fetches = {
  action: 'From a URL…',
  title: 'Download from a URL',
  lead: (p: { folder: string }) => `The server downloads it into ${p.folder}.`,
  url: 'URL',
  urlHint: 'http or https',
  urlRule: 'Enter an address that begins with http:// or https://',
  name: 'File name',
  nameHint: 'Empty: as the other server calls it.',
  conflict: 'If there is a file with this name',
  conflicts: { ask: 'Stop', replace: 'Replace it', 'keep-both': 'Keep both', skip: 'Keep the old one' },
  start: 'Download',
  started: (p: { url: string }) => `Downloading ${p.url}`,
  redirects: 'The server redirects again and again.',
  refusedAddress: (p: { host: string; address: string }) =>
    `${p.host} is ${p.address}, an address of this machine or a private network. An administrator can allow those in the settings.`,
  noAddress: (p: { host: string }) => `The name ${p.host} could not be resolved.`,
  status: (p: { status: number }) => `The server answered ${p.status}.`,
  tooBig: (p: { size: string; most: string }) => `The file is ${p.size}; at most ${p.most} may be downloaded here.`,
  noRoom: (p: { size: string; free: string }) => `The file is ${p.size}, and the disk has ${p.free} free.`,
  broken: 'The connection broke, and the server did not let it go on.',
  unreachable: (p: { host: string; reason: string }) => `${p.host} could not be reached: ${p.reason}`,
};
