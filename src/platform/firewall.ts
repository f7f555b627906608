export const FIREWALL_PROVIDERS = ['firewalld', 'ufw', 'nftables', 'netsecurity'] as const;
export type FirewallProvider = (typeof FIREWALL_PROVIDERS)[number];

export const RULE_ACTIONS = ['allow', 'deny', 'reject', 'limit'] as const;
export type RuleAction = (typeof RULE_ACTIONS)[number];

/** Both ends included; one port is a range of one. */
export interface PortRange {
  from: number;
  to: number;
}

/** One model for all firewalls. What a provider cannot do is in its `FirewallAbilities`. */
export interface RuleSpec {
  /** `deny` drops without an answer, `reject` answers; `limit` allows so many new connections in a time. */
  action: RuleAction;
  direction: 'in' | 'out';
  protocol: 'tcp' | 'udp' | 'any';
  /** Of the destination; none: all. */
  ports: PortRange[];
  /** In place of ports: what the provider calls a service or an application ("ssh", "OpenSSH"). */
  service: string | null;
  /** An address or a network in its shortest form, "10.0.0.0/8", "2001:db8::/32"; null: all. */
  source: string | null;
  destination: string | null;
  interface: string | null;
  /** Of firewalld; null elsewhere. */
  zone: string | null;
  family: 'v4' | 'v6' | 'both';
  comment: string;
  /** Of NetSecurity; null elsewhere. */
  program: string | null;
  profile: string | null;
  /** A rule may be there and switched off, on Windows. */
  enabled: boolean;
}

export interface FirewallRule {
  /** Of this rule for as long as it is there: letters and digits. */
  id: string;
  /** As the provider writes it. */
  text: string;
  /** null: says what this model has no words for; only `text` tells. */
  spec: RuleSpec | null;
  /** What the model leaves out of it ("log"): such a rule can be removed, but not changed. */
  extra: string | null;
  /** What was written to it; that of firewalld, which keeps none, is core's. */
  comment: string;
  /** Is about what passes through the machine. */
  forwarded: boolean;
  /** Lets no connection in that comes by TCP, and keeps none out: about something else, or switched off. Of NetSecurity. */
  aside?: boolean;
}

/** Of a port of this machine on to another one, or to another machine. */
export interface ForwardSpec {
  protocol: 'tcp' | 'udp';
  port: number;
  /** Of another machine; null: to another port of this one. */
  toAddress: string | null;
  toPort: number;
}

export interface Forward extends ForwardSpec {
  id: string;
  text: string;
  /** firewalld's own, whoever made it; else it stands in a table of ours. */
  native: boolean;
  zone: string | null;
}

export type FirewallPolicy = 'allow' | 'deny' | 'reject';

export interface FirewallAbilities {
  actions: readonly RuleAction[];
  /** Rules about what goes out. */
  out: boolean;
  /** Several ports in a rule. */
  lists: boolean;
  /** Ports of TCP and UDP at once: never, a single one, any. */
  anyPorts: 'none' | 'single' | 'all';
  interfaces: boolean;
  destinations: boolean;
  comments: boolean;
  /** How `limit` counts. */
  limit: 'source' | 'all' | null;
  /** Which way a default can be set. */
  defaults: readonly ('in' | 'out' | 'forward')[];
  /** Rules are asked in their order; else denying ones first. */
  ordered: boolean;
  /** Rules about the same are one to it: another action takes the place of the first, and one for each version of IP is one for both. */
  merges: boolean;
}

export interface FirewallZone {
  name: string;
  interfaces: string[];
  /** Senders that are in it wherever they come in. */
  sources: string[];
  policy: FirewallPolicy;
}

/** Of Windows, which asks the one that the network is in. */
export interface FirewallProfile {
  name: 'domain' | 'private' | 'public';
  /** A network that the machine is in is of this kind. */
  current: boolean;
  enabled: boolean;
  policies: { in: FirewallPolicy; out: FirewallPolicy };
  /** Nothing comes in, whatever rules say. */
  shielded: boolean;
}

export interface FirewallState {
  /** Who filters here, or would when enabled; null: none is installed. */
  provider: FirewallProvider | null;
  /** Further ones that are installed. */
  others: FirewallProvider[];
  /** Others that are on at the same time: each of them must let a packet in. */
  alsoActive: FirewallProvider[];
  active: boolean;
  /** On after the next boot; differs from `active` when somebody meddled. */
  boot: boolean;
  /** Why nothing can be read or changed here. */
  hindrance: 'root' | 'system' | null;
  policies: { in: FirewallPolicy | null; out: FirewallPolicy | null; forward: FirewallPolicy | null };
  /** "low", "off"; null: it has no such setting. */
  logging: string | null;
  /** Of firewalld: the default one first. */
  zones: FirewallZone[];
  /** Of NetSecurity; none elsewhere. */
  profiles: FirewallProfile[];
  rules: FirewallRule[];
  forwards: Forward[];
  /** Names that `service` may have. */
  services: string[];
  abilities: FirewallAbilities;
  /** Tables of others that filter as well, as the tool prints them: to be looked at. */
  foreign: { name: string; text: string }[];
  /** What the provider made this of, and plans by; nobody else looks into it. */
  native: unknown;
}

export type FirewallChange =
  | { verb: 'add'; rule: RuleSpec }
  | { verb: 'remove'; rule: FirewallRule }
  | { verb: 'change'; rule: FirewallRule; to: RuleSpec }
  | { verb: 'enable'; allow: RuleSpec[] }
  | { verb: 'disable' }
  | { verb: 'policy'; direction: 'in' | 'out' | 'forward'; policy: FirewallPolicy; zone: string | null }
  | { verb: 'forward'; forward: ForwardSpec }
  | { verb: 'unforward'; forward: Forward };

/** Something to run, or a file that shall have this content (null: be gone). Also understood by a process that outlives the panel. */
export type FirewallStep = { run: [string, ...string[]]; stdin?: string } | { file: string; content: string | null; mode?: number };

export interface FirewallPlan {
  /** What will run, for people. */
  commands: string[];
  /** In order, each with what takes it back. */
  steps: { does: FirewallStep; undo: FirewallStep[] }[];
  /** What takes all of it back: the undos from the last to the first, unless there is a shorter way. */
  revert: FirewallStep[];
}

/** A rule about published ports of containers; what they are is core's. */
export interface PublishedRule {
  action: 'allow' | 'deny';
  protocol: 'tcp' | 'udp' | 'any';
  /** As they are asked for on the machine; none: all published ones. */
  ports: PortRange[];
  source: string | null;
  interface: string | null;
  family: 'v4' | 'v6' | 'both';
}

/** What Docker writes its rules with. */
export type FirewallBackend = 'iptables' | 'nftables';

/**
 * `none`: no engine has made its chain or its tables; `unclear`: nobody can tell by which of the two it forwards; `tools`: there is
 * no iptables; `nft`: Docker works with nftables, and there is no nft; `root`: nobody but root may.
 */
export const PUBLISHED_HINDRANCES = ['none', 'unclear', 'tools', 'nft', 'root'] as const;

export interface PublishedState {
  hindrance: (typeof PUBLISHED_HINDRANCES)[number] | null;
  /** Rules go to a chain that DOCKER-USER asks, or to a table that is asked before Docker's; null: there is a hindrance. */
  backend: FirewallBackend | null;
  /** Rules of our chain as iptables-save has them; null: the chain is not there, or is not asked. */
  v4: string[] | null;
  v6: string[] | null;
  /** The engine forwards IPv6 as well. */
  docker6: boolean;
  /** Our table, as nft lists it; null: it is not there. */
  table: string | null;
}

export interface FirewallDriver {
  /** @throws AppError unavailable with the tool's words when it fails, hangs or says what nobody understands */
  read(): Promise<FirewallState>;
  /** Decides, and changes nothing. @throws AppError unsupported, conflict */
  plan(change: FirewallChange, state: FirewallState): Promise<FirewallPlan>;
  /** Runs it; when a step fails, those before it are taken back. @throws AppError unavailable with the tool's words */
  apply(plan: FirewallPlan): Promise<void>;
  /** Takes a plan back that was applied. */
  revert(plan: FirewallPlan): Promise<void>;
  readonly published: {
    /** @param said what the engine says it writes its rules with; null: it says nothing. `other`: with what is not known here */
    read(said: FirewallBackend | 'other' | null): Promise<PublishedState>;
    /** Is the rule in our chain, and that is asked? */
    has(rule: PublishedRule, state: PublishedState): boolean;
    /** Our chain shall have these rules, in this order, and be asked; none: is not asked. */
    plan(rules: readonly PublishedRule[], state: PublishedState): FirewallPlan;
  };
  /** Those that are known here and not installed. */
  installable(): FirewallProvider[];
}

export const NO_ABILITIES: FirewallAbilities = { actions: [], out: false, lists: false, anyPorts: 'none', interfaces: false, destinations: false, comments: false, limit: null, defaults: [], ordered: false, merges: false };

export const noFirewall = (more: Partial<FirewallState> = {}): FirewallState => ({
  provider: null, others: [], alsoActive: [], active: false, boot: false, hindrance: null,
  policies: { in: null, out: null, forward: null }, logging: null, zones: [], profiles: [], rules: [], forwards: [], services: [], abilities: NO_ABILITIES, foreign: [], native: null, ...more,
});

/** A system without a firewall that is understood here. */
export const NO_FIREWALL: FirewallDriver = {
  read: async () => noFirewall({ hindrance: 'system' }),
  plan: async () => ({ commands: [], steps: [], revert: [] }),
  apply: async () => {},
  revert: async () => {},
  published: { read: async () => ({ hindrance: 'tools', backend: null, v4: null, v6: null, docker6: false, table: null }), has: () => false, plan: () => ({ commands: [], steps: [], revert: [] }) },
  installable: () => [],
};
