/** A machine with a firewall, the panel's driver for it run from outside, and packets that really go there. */
import { connect, type TcpNetConnectOpts } from 'node:net';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { exec, which, type Exec } from '../../src/platform/exec.ts';
import type { FirewallDriver } from '../../src/platform/firewall.ts';
import { createLinuxFirewall } from '../../src/platform/linux/firewall/firewall.ts';
import { startSystemdHost, type SystemdHost, type SystemdHostKind } from './systemd-host.ts';
import { until } from './until.ts';

export type Reached = 'open' | 'refused' | 'silent';

/** What comes of a connection there. */
export const reach = (to: TcpNetConnectOpts) => new Promise<Reached>((resolve) => {
  const socket = connect(to);
  const end = (what: Reached) => {
    clearInterval(timer);
    socket.destroy();
    resolve(what);
  };
  // Turns in which nothing came: of a time alone, whoever gets no processor meanwhile hears nothing.
  let turns = 0;
  const timer = setInterval(() => ++turns > 7 && end('silent'), 100);
  socket.once('connect', () => end('open'));
  socket.once('error', () => end('refused'));
});

export interface FirewallHost extends SystemdHost {
  readonly firewall: FirewallDriver;
  exec: Exec;
  readonly root: string;
  sh(script: string): Promise<string>;
  /** Something listens there from now on. */
  listen(port: number): Promise<void>;
  /** Does a connection from outside come through? */
  opens(port: number): Promise<Reached>;
}

const FOLDERS = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

export async function startFirewallHost(kind: SystemdHostKind): Promise<FirewallHost> {
  const host = await startSystemdHost(kind);
  const docker = which('docker')!;
  const find = async () => `/proc/${(await exec.run([docker, 'inspect', '-f', '{{.State.Pid}}', host.id])).stdout.trim()}/root`;
  let root = await find();
  const there: Exec = {
    which: (tool) => FOLDERS.map((folder) => join(folder, tool)).find((path) => existsSync(join(root, path))),
    run: (argv, options) => exec.run(host.enter('env', 'LC_ALL=C', ...argv), options),
  };
  const sh = async (script: string) => {
    const { code, out, err } = await host.run('sh', '-c', script);
    if (code !== 0) throw new Error(`${script}: ${out}${err}`);
    return out.trim();
  };
  const driver = () => createLinuxFirewall(there, { root, isRoot: () => true });
  let firewall = driver();
  return {
    ...host, sh, exec: there,
    opens: (port) => reach({ host: host.ip, port }),
    get root() {
      return root;
    },
    get firewall() {
      return firewall;
    },
    async reboot() {
      await host.reboot();
      root = await find();
      firewall = driver();
    },
    async listen(port) {
      await sh(`mkdir -p /srv/w && systemd-run --unit=web-${port} busybox httpd -f -p ${port} -h /srv/w`);
      await until(async () => (await host.run('sh', '-c', `ss -Hltn sport = :${port} | grep -q LISTEN`)).code === 0);
    },
  };
}
