import { z } from 'zod';
import { RANGES, readHistory } from '../core/metrics/history.ts';
import { currentMetrics } from '../core/metrics/current.ts';
import { endpoint } from './endpoint.ts';
import { Bytes, means, Percent, Rate, Time } from './schemas.ts';

const Mount = z.object({
  path: z.string(),
  device: z.string(),
  type: z.string(),
  total: Bytes,
  used: Bytes,
  free: Bytes,
  inodes: z.number().nullable(),
  inodesUsed: z.number().nullable(),
  readOnly: z.boolean(),
  fullInDays: z.number().nullable(),
});

const Metrics = z
  .object({
    at: Time,
    cpu: Percent.nullable(),
    cores: z.array(Percent),
    load: z.tuple([z.number(), z.number(), z.number()]).nullable(),
    memory: z.object({ total: Bytes, used: Bytes, cache: Bytes, swapTotal: Bytes, swapUsed: Bytes }).nullable(),
    network: z.object({ rx: Rate, tx: Rate }).nullable(),
    disk: z.object({ read: Rate, write: Rate }).nullable(),
    interfaces: z.array(z.object({ name: z.string(), rx: Rate, tx: Rate })),
    disks: z.array(z.object({ name: z.string(), read: Rate, write: Rate })),
    sensors: z.array(z.object({ name: z.string(), celsius: z.number() })),
    mounts: z.array(Mount),
  })
  .meta({ id: 'Metrics' });

const figure = z.number().nullable();
const Line = z.array(figure);

const Point = z.object({
  at: Time,
  cpu: figure, cpuMax: figure, load1: figure,
  memoryUsed: figure, memoryCache: figure, swapUsed: figure,
  netRx: figure, netTx: figure, diskRead: figure, diskWrite: figure,
});

const History = z
  .object({
    range: z.enum(RANGES),
    step: means(z.number(), 'step'),
    from: Time,
    to: Time,
    points: z.array(Point),
    interfaces: z.array(z.object({ name: z.string(), rx: Line, tx: Line })),
    disks: z.array(z.object({ name: z.string(), read: Line, write: Line })),
    sensors: z.array(z.object({ name: z.string(), celsius: Line })),
    mounts: z.array(z.object({ path: z.string(), used: Line, capacity: Line })),
  })
  .meta({ id: 'History' });

export const metrics = [
  endpoint({
    id: 'metrics.current', method: 'get', path: '/metrics/current', permission: 'metrics.read', status: 200,
    response: Metrics, refusals: ['unavailable'],
    run: (app) => currentMetrics(app),
  }),
  endpoint({
    id: 'metrics.history', method: 'get', path: '/metrics/history', permission: 'metrics.read', status: 200,
    query: z.strictObject({ range: means(z.enum(RANGES).default('1h'), 'range') }),
    response: History,
    example: { query: 'range=24h' },
    run: (app, _actor, { query }) => readHistory(app, query.range),
  }),
];
