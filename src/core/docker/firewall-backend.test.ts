import { expect, test } from 'bun:test';
import { testApp } from '../../../test/support/app.ts';
import { firewallBackend } from './firewall-backend.ts';

/** What `GET /info` answers since API 1.49 (moby, daemon/libnetwork/controller_linux.go), and what older engines do. */
test.each([
  [{ FirewallBackend: { Driver: 'iptables' } }, 'iptables'],
  [{ FirewallBackend: { Driver: 'nftables', Info: [['EnableUserlandProxy', 'true']] } }, 'nftables'],
  [{ FirewallBackend: { Driver: 'iptables+firewalld', Info: [['ReloadedAt', '2025-01-01T00:00:00Z']] } }, 'iptables'],
  [{ FirewallBackend: { Driver: 'nftables+firewalld' } }, 'nftables'],
  [{ FirewallBackend: { Driver: 'bpf' } }, 'other'],
  [{ FirewallBackend: null }, null], [{ FirewallBackend: { Driver: '' } }, null], [{}, null], ['nonsense', null], [null, null],
] as const)('%j: %p', async (answer, wanted) => {
  const panel = testApp();
  const { docker } = panel.app.host;
  panel.app.engines.driver = () => ({ ...docker, endpoint: () => 'unix:///run/docker.sock', ask: async () => answer });
  expect(await firewallBackend(panel.app)).toBe(wanted);
  panel.app.engines.driver = () => ({ ...docker, endpoint: () => 'unix:///run/docker.sock', ask: () => Promise.reject(new Error('away')) });
  expect(await firewallBackend(panel.app)).toBeNull();
  // One on another machine says nothing about this one.
  panel.app.engines.driver = () => ({ ...docker, endpoint: () => 'tcp://192.0.2.1:2376', ask: async () => ({ FirewallBackend: { Driver: 'nftables' } }) });
  expect(await firewallBackend(panel.app)).toBeNull();
  await panel.close();
});
