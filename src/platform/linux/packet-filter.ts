import type { Exec } from '../exec.ts';
import type { PacketFilterDriver } from '../packet-filter.ts';

/** A machine with thousands of rules takes a moment; a page does not wait longer. */
const READ_MS = 4000;
const RULES_MOST = 16 << 20;

/** Reads, and changes nothing: the tools' own words, which core/containers/ports understands. */
export function createLinuxPacketFilter(exec: Exec, isRoot = () => process.getuid?.() === 0): PacketFilterDriver {
  const said = async (tool: string, ...args: string[]) => {
    const path = exec.which(tool);
    if (!path) return null;
    const { code, stdout, ended, truncated } = await exec.run([path, ...args], { timeout: READ_MS, cap: RULES_MOST });
    return code === 0 && !ended && !truncated ? stdout : null;
  };
  return {
    async read() {
      if (!isRoot()) return null;
      const [rules4, rules6, tables, ufw, firewalld] = await Promise.all([
        said('iptables-save'), said('ip6tables-save'), said('nft', 'list', 'tables'), said('ufw', 'status'), said('firewall-cmd', '--state'),
      ]);
      return { rules4, rules6, tables, ufw: /^Status: active$/m.test(ufw ?? ''), firewalld: /^running$/m.test(firewalld ?? '') };
    },
  };
}
