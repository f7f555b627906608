/**
 * The Debian and Ubuntu packages that the tests use, installed when this is such a system and we are root.
 * What is there already, from wherever, is left alone; what cannot be had becomes a skip (see needs.ts).
 */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { installComposePlugin } from './compose-plugin.ts';

interface Requirement {
  /** why it is installed, and how it is recognised */
  what: string;
  present(): boolean;
  /** the first of each list that the distribution has */
  packages: string[][];
}

const program = (...names: string[]) => names.every((name) => Bun.which(name) || existsSync(`/usr/sbin/${name}`));

const requirements: Requirement[] = [
  { what: 'the browser of the end-to-end tests', present: () => program('chromium-headless-shell'), packages: [['chromium-headless-shell', 'chromium', 'chromium-browser']] },
  {
    what: 'Chinese letters on screenshots',
    present: () => existsSync('/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc'),
    packages: [['fonts-noto-cjk']],
  },
  {
    what: 'Latin letters on screenshots',
    present: () => existsSync('/usr/share/fonts/opentype/inter'),
    packages: [['fonts-inter']],
  },
  { what: 'the Docker engine', present: () => program('dockerd'), packages: [['docker.io']] },
  {
    what: 'compose for stacks',
    present: () => program('docker-compose'),
    packages: [['docker-compose']],
  },
  { what: 'a shell for containers', present: () => program('busybox'), packages: [['busybox-static']] },
  { what: 'a registry of images', present: () => program('docker-registry'), packages: [['docker-registry']] },
  { what: 'Windows for the .exe', present: () => program('wine'), packages: [['wine'], ['wine64']] },
  {
    what: 'a compiler for the library that Wine lacks',
    present: () => program('x86_64-w64-mingw32-gcc'),
    packages: [['gcc-mingw-w64-x86-64']],
  },
  { what: 'hosts to manage in containers', present: () => program('debootstrap'), packages: [['debootstrap']] },
  { what: 'a check of the embedded scripts', present: () => program('shellcheck'), packages: [['shellcheck']] },
  { what: 'a reverse proxy and sites', present: () => program('nginx'), packages: [['nginx-light', 'nginx']] },
  { what: 'requests over HTTP/2 and Unix sockets', present: () => program('curl'), packages: [['curl']] },
  { what: 'addresses and namespaces', present: () => program('ip'), packages: [['iproute2']] },
  { what: 'ps and sysctl', present: () => program('ps'), packages: [['procps']] },
  { what: 'certificates to compare with', present: () => program('openssl'), packages: [['openssl'], ['ca-certificates']] },
  { what: 'access lists', present: () => program('setfacl'), packages: [['acl']] },
  { what: 'extended attributes', present: () => program('getfattr'), packages: [['attr']] },
  { what: 'capabilities of files', present: () => program('getcap'), packages: [['libcap2-bin']] },
  { what: 'flags of inodes', present: () => program('chattr'), packages: [['e2fsprogs']] },
  { what: 'repositories to build from', present: () => program('git'), packages: [['git']] },
  { what: '7z archives', present: () => program('7z'), packages: [['p7zip-full', '7zip']] },
  { what: 'zip archives of another program', present: () => program('zip', 'unzip'), packages: [['zip'], ['unzip']] },
  { what: 'zstd archives of another program', present: () => program('zstd'), packages: [['zstd']] },
  { what: 'hosts to sign in to', present: () => program('sshd', 'ssh', 'ssh-keygen'), packages: [['openssh-server'], ['openssh-client']] },
  { what: 'accounts to sign in with', present: () => program('useradd', 'chpasswd'), packages: [['passwd']] },
  { what: 'programs that draw on terminals', present: () => program('vim', 'htop', 'less', 'tmux'), packages: [['vim'], ['htop'], ['less'], ['tmux']] },
  { what: 'mount namespaces', present: () => program('unshare'), packages: [['util-linux']] },
];

/** Installs what is missing. Never throws: a test that lacks something says so by itself. */
export function installPackages(): void {
  if (process.platform !== 'linux') return;
  installDistribution();
  installComposePlugin();
}

function installDistribution(): void {
  const missing = requirements.filter((requirement) => !requirement.present());
  if (missing.length === 0) return;
  const names = missing.map((requirement) => requirement.what).join(', ');
  if (!Bun.which('apt-get')) return console.log(`Missing for some tests, install by hand: ${names}.`);
  if (process.getuid?.() !== 0) {
    const packages = missing.flatMap((requirement) => requirement.packages.map((list) => list[0])).join(' ');
    return console.log(`Missing for some tests (${names}). To have them: sudo apt-get install --no-install-recommends ${packages}`);
  }
  console.log(`Installing what the tests need: ${names} …`);
  withServicesOff(() => {
    retryWhileLocked(['apt-get', 'update', '-qq']);
    const wanted = missing.flatMap((requirement) => requirement.packages.map(firstKnown).filter((name) => name !== null));
    // One by one only after all at once failed, so that one package that is not to be had costs no other.
    if (!install(wanted)) for (const name of wanted) if (!install([name])) console.log(`Not installed: ${name}.`);
  });
}

function install(packages: string[]): boolean {
  return retryWhileLocked([
    ...['apt-get', 'install', '-y', '-qq', '--no-install-recommends'],
    ...['-o', 'DPkg::Lock::Timeout=300', '-o', 'Dpkg::Use-Pty=0', ...packages],
  ]);
}

function firstKnown(names: string[]): string | null {
  return names.find((name) => /Candidate: (?!\(none\))/.test(output(['apt-cache', 'policy', name]))) ?? null;
}

const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' };

function output(argv: string[]): string {
  return Bun.spawnSync(argv, { env: environment, stdin: 'ignore', stderr: 'ignore' }).stdout.toString();
}

/** apt waits for dpkg's lock by itself, but not for that of the package lists. */
function retryWhileLocked(argv: string[]): boolean {
  for (let attempt = 0; ; attempt += 1) {
    const result = Bun.spawnSync(argv, { env: environment, stdin: 'ignore', stdout: 'ignore', stderr: 'pipe' });
    if (result.exitCode === 0) return true;
    const said = result.stderr.toString().trim();
    if (attempt >= 60 || !/Could not get lock|Unable to lock/.test(said)) {
      console.log(said.split('\n').slice(-3).join('\n'));
      return false;
    }
    Bun.sleepSync(5000);
  }
}

/** Debian starts a service when its package is installed. A web server on port 80 is not what `npm test` was asked for. */
function withServicesOff(work: () => void): void {
  const policy = '/usr/sbin/policy-rc.d';
  const ours = !existsSync(policy);
  if (ours) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    work();
  } finally {
    if (ours) rmSync(policy, { force: true });
  }
}
