import type { Listener } from './processes.ts';

/** The rules of the machine in the words of its tools. */
export interface RuleTexts {
  /** iptables-save and ip6tables-save, and those of the older kind beside them where both are used. */
  iptables: readonly { family: 4 | 6; text: string }[];
  /** `nft -j list ruleset`, and `nft -a -t list ruleset`, which writes the rules as people do. */
  nft: { json: string; listing: string } | null;
}

/** What one kind of network does on Windows with what no rule is about. */
export interface NetSecurityProfile {
  name: 'Domain' | 'Private' | 'Public';
  enabled: boolean;
  /** Nothing comes in, whatever rules say. */
  shielded: boolean;
  inbound: 'allow' | 'block';
  /** Rules of this machine count; else those of Group Policy alone. */
  localRules: boolean;
}

/** The rules of Windows Defender Firewall as its registry has them ([MS-GPFAS] 2.2.2.19), each with its name for people. */
export interface NetSecurityRules {
  profiles: readonly NetSecurityProfile[];
  rules: readonly { title: string; text: string; store: 'local' | 'policy' }[];
  /** What "%SystemRoot%" is, by names in small letters. */
  variables: Readonly<Record<string, string>>;
}

/**
 * Why they cannot be read: `root`: nobody else may; `system`: this one's are not understood here; `tools`: no program here reads
 * them; `failed`: one did not answer.
 */
export type RulesUnknown = 'root' | 'system' | 'tools' | 'failed';

export interface NetworkInterface {
  name: string;
  addresses: { address: string; family: 4 | 6; prefix: number }[];
  /** Of Windows: which kind of network it is in, and what rules tell interfaces apart by. `kind` null: not known. `excluded`: it is not filtered. */
  network?: { id: string; kind: 'lan' | 'wireless' | 'remote' | null; profile: NetSecurityProfile['name']; excluded: boolean };
}

/** What a listening socket is tied to beyond its address. */
export interface Bound extends Pick<Listener, 'protocol' | 'address' | 'port'> {
  /** The one interface that it listens on. */
  device: string | null;
  /** One for "::" that takes no IPv4. */
  onlyV6: boolean;
}

/** Who holds sockets, as rules of Windows ask for it. */
export interface Holder {
  pid: number;
  /** Its whole path; "System" is the kernel. null: nobody may know. */
  program: string | null;
  /** Those that live in it. */
  services: readonly string[];
}

export interface ExposureLook {
  rules: RuleTexts | { netsecurity: NetSecurityRules } | { unknown: RulesUnknown; detail?: string };
  /** null: not known. */
  interfaces: NetworkInterface[] | null;
  bound: Bound[] | null;
  /** Of Windows, where rules may be about a program. */
  holders?: readonly Holder[];
}

export interface ExposureParts {
  /** How nft writes its rules; without, they are told as JSON. */
  wording?: boolean;
  bound?: boolean;
}

/** Who could reach what listens here: the way there. What listens is the processes' to tell. */
export interface ExposureDriver {
  /** @param parts both unless it says false: each may be one more program that runs */
  look(parts?: ExposureParts): Promise<ExposureLook>;
}

export const NO_EXPOSURE: ExposureDriver = { look: async () => ({ rules: { unknown: 'system' }, interfaces: null, bound: null }) };
