/** What the made-up engine runs: two stacks and a few single ones, in every state that a list knows. */
export interface FakeContainer {
  id: string;
  name: string;
  image: string;
  /** What the name meant when it was made; missing: what it means from the beginning. */
  imageId?: string;
  stack: string | null;
  service: string | null;
  state: 'running' | 'paused' | 'exited' | 'created';
  health: 'healthy' | 'unhealthy' | null;
  exitCode: number;
  /** How often it was started again. */
  restarts?: number;
  /** ms since 1970. */
  createdAt: number;
  changedAt: number;
  ports: readonly { address: string; host: number | null; container: number }[];
  /** Share of a core, and bytes, around which it moves. */
  cpu: number;
  memory: number;
}

const DAY = 86_400_000;
const MIB = 2 ** 20;

interface Made extends Partial<Pick<FakeContainer, 'state' | 'health' | 'exitCode' | 'stack' | 'restarts'>> {
  name: string;
  image: string;
  days: number;
  ports?: readonly [host: number, container: number, address?: string][];
  inside?: readonly number[];
  cpu?: number;
  mib?: number;
}

const MADE: readonly Made[] = [
  { name: 'shop-web-1', stack: 'shop', image: 'ghcr.io/acme/shop:2026.11.3', days: 12, health: 'healthy', ports: [[3000, 3000, '127.0.0.1']], cpu: 0.52, mib: 612 },
  { name: 'shop-worker-1', stack: 'shop', image: 'ghcr.io/acme/shop:2026.11.3', days: 12, health: 'unhealthy', restarts: 7, cpu: 0.94, mib: 824 },
  { name: 'shop-db-1', stack: 'shop', image: 'postgres:17.2-alpine', days: 12, health: 'healthy', inside: [5432], cpu: 0.38, mib: 1945 },
  { name: 'shop-redis-1', stack: 'shop', image: 'redis:7.4-alpine', days: 12, health: 'healthy', inside: [6379], cpu: 0.18, mib: 341 },
  { name: 'shop-migrate-1', stack: 'shop', image: 'ghcr.io/acme/shop:2026.11.3', days: 12, state: 'exited' },
  { name: 'blog-app-1', stack: 'blog', image: 'ghost:6-alpine', days: 41, ports: [[2368, 2368]], cpu: 0.04, mib: 128 },
  { name: 'blog-mysql-1', stack: 'blog', image: 'mysql:8.4', days: 41, health: 'healthy', inside: [3306], cpu: 0.07, mib: 488 },
  { name: 'gitea', image: 'gitea/gitea:1.24', days: 41, health: 'healthy', ports: [[3002, 3000], [2222, 22]], cpu: 0.03, mib: 214 },
  { name: 'registry', image: 'registry:2.8', days: 41, ports: [[5000, 5000, '127.0.0.1']], cpu: 0.01, mib: 38 },
  { name: 'old-exporter', image: 'prom/node-exporter:v1.7', days: 90, state: 'exited', exitCode: 137 },
];

export function fakeContainers(now: number): FakeContainer[] {
  return MADE.map((made, i) => ({
    id: (i + 1).toString(16).padStart(2, '0').repeat(32),
    name: made.name, image: made.image, stack: made.stack ?? null,
    service: made.stack ? made.name.slice(made.stack.length + 1, -2) : null,
    state: made.state ?? 'running', health: made.health ?? null, exitCode: made.exitCode ?? 0, restarts: made.restarts ?? 0,
    createdAt: now - made.days * DAY, changedAt: now - made.days * DAY,
    ports: [
      ...(made.ports ?? []).map(([host, container, address = '0.0.0.0']) => ({ address, host, container })),
      ...(made.inside ?? []).map((container) => ({ address: '', host: null, container })),
    ],
    cpu: made.cpu ?? 0, memory: (made.mib ?? 0) * MIB,
  }));
}
