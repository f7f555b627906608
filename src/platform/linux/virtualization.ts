interface Files {
  read(path: string): string | null;
  exists(path: string): boolean;
}

/** Makers of virtual machines in /sys/class/dmi/id, as systemd-detect-virt(1) names them. */
const VENDORS: readonly (readonly [RegExp, string])[] = [
  [/KVM/i, 'kvm'],
  [/OpenStack|oVirt|RHEV|Google|DigitalOcean|Hetzner|Linode|Akamai|UpCloud|Scaleway|Vultr|Alibaba|Tencent|Huawei Cloud/i, 'kvm'],
  [/Amazon EC2/i, 'amazon'],
  [/QEMU/i, 'qemu'],
  [/VMware|VMW/i, 'vmware'],
  [/innotek|VirtualBox|Oracle Corporation/i, 'virtualbox'],
  [/Xen/i, 'xen'],
  [/Bochs/i, 'bochs'],
  [/Parallels/i, 'parallels'],
  [/BHYVE/i, 'bhyve'],
  [/Hyper-V|Microsoft Corporation.*Virtual/i, 'microsoft'],
  [/Apple Virtualization/i, 'apple'],
];

/** The container this process runs in ("docker", "podman", "lxc" …), or null. */
export function findContainer({ read, exists }: Files): string | null {
  if (exists('/run/.containerenv')) return 'podman';
  if (exists('/.dockerenv')) return 'docker';
  if (exists('/proc/vz') && !exists('/proc/bc')) return 'openvz';
  // Container managers put container=… into the environment of process 1 (systemd.io/CONTAINER_INTERFACE).
  const told = read('/run/systemd/container')?.trim() || /(?:^|\0)container=([^\0]+)/.exec(read('/proc/1/environ') ?? '')?.[1];
  if (told) return told.split('-')[0]!;
  if (/microsoft/i.test(read('/proc/sys/kernel/osrelease') ?? '')) return 'wsl';
  return null;
}

/** What systemd-detect-virt(1) would say, from the plainest of its signs; "vm" where only the CPU tells; null on bare metal. */
export function findVirtualization(files: Files): string | null {
  const container = findContainer(files);
  if (container) return container;
  const dmi = ['product_name', 'sys_vendor', 'board_vendor', 'bios_vendor'].map((name) => files.read(`/sys/class/dmi/id/${name}`)?.trim() ?? '').join(' ');
  const [, vendor] = VENDORS.find(([pattern]) => pattern.test(dmi)) ?? [];
  if (vendor) return vendor;
  if (files.read('/sys/hypervisor/type')?.trim() === 'xen') return 'xen';
  return /^flags\s*:.*\bhypervisor\b/m.test(files.read('/proc/cpuinfo') ?? '') ? 'vm' : null;
}
