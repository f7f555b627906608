import type { ServiceVerb } from '../../platform/services.ts';

/** Why ending a service is asked for by its name: the panel itself, what people reach the machine by, what the system needs. */
export type ServiceGuard = 'panel' | 'access' | 'system';

/** Whoever ends one of these may be cut off. */
const ACCESS = /^(ssh|sshd|dropbear|networking|network|NetworkManager|systemd-networkd|systemd-resolved|connman|dhcpcd|dhclient|wpa_supplicant|iwd|netplan.*|ifup@.+|tailscaled|wg-quick@.+|openvpn.*|strongswan.*|cloudflared|frpc|nftables|iptables|firewalld|ufw|netfilter-persistent)(\.service)?$/;
/** Without these the machine, its log or its containers are in trouble. */
const SYSTEM = /^(dbus|dbus-broker|systemd-.+|polkit|user@.+|getty@.+|serial-getty@.+|init|udev|docker|containerd|podman|qemu-guest-agent|walinuxagent|cloud-init.*|lvm2-.+|multipathd|display-manager|gdm3?|lightdm|sddm)(\.service)?$/;
/** The same of Windows, whose names are the same in any case; those of Linux end in ".service". */
const WINDOWS_ACCESS = /^(sshd|TermService|UmRdpService|SessionEnv|WinRM|Dhcp|Dnscache|nsi|Netman|netprofm|NlaSvc|Wcmsvc|WlanSvc|dot3svc|BFE|mpssvc|IKEEXT|PolicyAgent|RasMan|RemoteAccess|Tailscale|WireGuardTunnel\$.+|OpenVPN.*|cloudflared|frpc)$/i;
const WINDOWS_SYSTEM = /^(RpcSs|RpcEptMapper|DcomLaunch|BrokerInfrastructure|SystemEventsBroker|CoreMessagingRegistrar|EventLog|EventSystem|SamSs|Netlogon|NTDS|Kdc|KeyIso|LSM|LanmanServer|LanmanWorkstation|PlugPlay|Power|ProfSvc|UserManager|gpsvc|Schedule|Winmgmt|CryptSvc|TrustedInstaller|docker|com\.docker\.service|vmms|vmcompute|hns|QEMU-GA|cloudbase-init|WindowsAzureGuestAgent|AmazonSSMAgent|GCEAgent)$/i;
const ENDING: readonly ServiceVerb[] = ['stop', 'restart', 'disable', 'mask', 'manual'];

/** @param own the service that the panel is */
export function guardOf(name: string, verb: ServiceVerb, own: string | null): ServiceGuard | null {
  if (!ENDING.includes(verb)) return null;
  if (name === own || name === 'mantou.service') return 'panel';
  if (ACCESS.test(name) || WINDOWS_ACCESS.test(name)) return 'access';
  return SYSTEM.test(name) || WINDOWS_SYSTEM.test(name) ? 'system' : null;
}
