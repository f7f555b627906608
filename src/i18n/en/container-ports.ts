/** Who reaches the published ports of a container, and why. */
export const containerPorts = {
  everywhere: 'From everywhere',
  address: (p: { address: string }) => `At ${p.address} only`,
  bound: (p: { address: string }) => `listens on ${p.address}`,
  inside: 'Other containers only',
  firewalls: { ufw: 'ufw', firewalld: 'firewalld', iptables: 'The firewall of this machine', nftables: 'The firewall of this machine' },
  docker: {
    open: (p: { firewall: string | null }) => (p.firewall ? `${p.firewall} does not govern it: Docker forwards this port before ${p.firewall} is asked.` : 'No firewall is asked: Docker forwards this port itself.'),
    some: (p: { chain: string }) => `Limited by rules in ${p.chain}. Docker forwards this port past the firewall of the machine.`,
    closed: (p: { chain: string }) => `Rules in ${p.chain} let nobody in.`,
  },
  input: {
    open: (p: { firewall: string }) => `${p.firewall} governs it, and lets it in.`,
    some: (p: { firewall: string }) => `${p.firewall} governs it, and decides who comes in.`,
    closed: (p: { firewall: string }) => `${p.firewall} governs it, and lets nobody in.`,
  },
  noFirewall: 'No firewall is on.',
  unknown: {
    root: 'Whether a firewall governs it is unknown: only root may read the rules.',
    remote: 'Whether a firewall governs it is unknown: the engine is on another machine.',
    desktop: 'Whether a firewall governs it is unknown: the engine runs in a virtual machine, which forwards the port.',
    tools: 'Whether a firewall governs it is unknown: the program that shows the rules of this machine is not installed.',
    many: 'Whether a firewall governs it is unknown: more ports are published than are looked at in one go.',
    failed: 'Whether a firewall governs it is unknown: the rules could not be read.',
  },
  rules: 'Rules',
};
