import { afterEach, describe, expect, test } from 'bun:test';
import { systemClock } from '../../../lib/clock.ts';
import { until } from '../../../../test/support/until.ts';
import { exec } from '../../exec.ts';
import type { Traffic } from '../../processes.ts';
import { createLinuxProcesses } from './processes.ts';
import { parseTraffic } from './traffic.ts';

/** `ss -tineHO` of iproute2 6.1: a server and its client, and a connection that nobody has taken over yet. */
const CAPTURED = `ESTAB 0 0      127.0.0.1:18777 127.0.0.1:59934 ino:138405 sk:1 cgroup:/ <-> ts sack bbr wscale:10,10 rto:204 rtt:0.023/0.013 ato:40 mss:32768 pmtu:65535 rcvmss:5000 advmss:65483 cwnd:11 bytes_sent:300 bytes_acked:300 bytes_received:5000 segs_out:2 segs_in:4 data_segs_out:1 data_segs_in:1 bbr:(bw:65536000000bps,mrtt:0.004,pacing_gain:2.88672,cwnd_gain:2.88672) send 125373217391bps lastsnd:7688 lastrcv:7688 lastack:7688 pacing_rate 288141767440bps delivery_rate 65536000000bps delivered:2 app_limited rcv_space:65483 rcv_ssthresh:107138 minrtt:0.004 snd_wnd:65536
ESTAB 0 0      127.0.0.1:59934 127.0.0.1:18777 ino:138404 sk:2 cgroup:/ <-> ts sack bbr wscale:10,10 rto:204 rtt:0.06/0.034 ato:40 mss:53760 pmtu:65535 rcvmss:536 advmss:65483 cwnd:11 bytes_sent:5000 bytes_acked:5001 bytes_received:300 segs_out:4 segs_in:3 data_segs_out:1 data_segs_in:1 bbr:(bw:43007984616bps,mrtt:0.01,pacing_gain:2.88672,cwnd_gain:2.88672) send 78848000000bps lastsnd:7688 lastrcv:7688 lastack:7688 pacing_rate 122910436040bps delivery_rate 43008000000bps delivered:2 app_limited rcv_space:65495 rcv_ssthresh:65495 minrtt:0.01 snd_wnd:107520
ESTAB 0 0          [::1]:44572     [::1]:18777 ino:138407 sk:3 cgroup:/ <-> ts sack bbr wscale:10,10 rto:204 rtt:0.106/0.053 mss:32732 pmtu:65536 rcvmss:536 advmss:65464 cwnd:10 bytes_acked:1 segs_out:2 segs_in:1 bbr:(bw:0bps,mrtt:0.106,pacing_gain:1,cwnd_gain:1) send 24703396226bps lastsnd:7688 lastrcv:7688 lastack:7688 pacing_rate 70598629400bps delivered:1 app_limited rcv_space:65476 rcv_ssthresh:65476 minrtt:0.106 snd_wnd:65464
ESTAB 0 0          [::1]:18777     [::1]:44572 ino:0 sk:4 cgroup:/ <-> ts sack bbr wscale:10,10 rto:204 rtt:0.01/0.005 mss:32768 pmtu:65536 rcvmss:536 advmss:65464 cwnd:10 segs_in:2 bbr:(bw:0bps,mrtt:0.01) send 262144000000bps lastsnd:7688 lastrcv:7688 lastack:7688 pacing_rate 749168640000bps delivered:1 app_limited rcv_space:65464 rcv_ssthresh:65464 minrtt:0.01 snd_wnd:65536
`;

test('what each connection has carried, by its socket; one that nobody holds is left out', () => {
  expect([...parseTraffic(CAPTURED)]).toEqual([
    [138405, { received: 5000, sent: 300 }], [138404, { received: 300, sent: 5000 }], [138407, { received: 0, sent: 0 }],
  ]);
  for (const text of ['', '\n\n', 'Error: no such thing', 'ESTAB 0 0 ino:x bytes_sent:y']) expect(parseTraffic(text).size).toBe(0);
});

/** Talks to itself, a piece of 64 KiB every 20 ms. */
const TALKS = `const server = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } });
const client = await Bun.connect({ hostname: '127.0.0.1', port: server.port, socket: { data() {} } });
setInterval(() => client.write(new Uint8Array(65536)), 20);`;

describe.skipIf(process.platform !== 'linux')('this machine', () => {
  const driver = createLinuxProcesses(exec, systemClock);
  const children: Bun.Subprocess[] = [];
  const run = (...argv: string[]) => {
    const child = Bun.spawn(argv, { stdin: 'ignore', stdout: 'ignore', stderr: 'ignore', env: { PATH: process.env.PATH! } });
    children.push(child);
    return child;
  };
  afterEach(() => {
    for (const child of children.splice(0)) child.kill(9);
  });
  const one = async (pid: number) => driver.one((await driver.list()).find((row) => row.pid === pid)!);

  test('a process that sends is told, with how much a second; one that has ended is not', async () => {
    const child = run(process.execPath, '-e', TALKS);
    // Half a megabyte a second at least, even here.
    let traffic: Traffic | undefined;
    await until(async () => ((traffic = (await driver.traffic!()).get(child.pid))?.sent ?? 0) > 500_000);
    // What it sends it receives.
    expect(traffic!.received / traffic!.sent).toBeWithin(0.5, 2);
    const carried = async () => (await one(child.pid))!.sockets!.filter(({ sent }) => sent !== null);
    await until(async () => (await carried()).reduce((sum, { received }) => sum + received!, 0) > 500_000);
    expect(await carried()).toHaveLength(2);
    child.kill(9);
    await child.exited;
    await until(async () => !(await driver.traffic!()).has(child.pid));
  });

  test.skipIf(process.getuid?.() !== 0)('of a process in a network of its own the connections there are read', async () => {
    const child = run('/usr/bin/unshare', '--net', '/bin/sh', '-c', 'ip link set lo up; exec "$0" -e "$1"', process.execPath, TALKS);
    await until(async () => {
      const sockets = (await one(child.pid))?.sockets ?? [];
      return sockets.some(({ sent }) => (sent ?? 0) > 100_000) && sockets.some(({ received }) => (received ?? 0) > 100_000);
    });
    // They are not in the network of the host.
    expect((await driver.traffic!()).has(child.pid)).toBe(false);
  });
});
