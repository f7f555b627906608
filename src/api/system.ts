import { z } from 'zod';
import { readSystem } from '../core/system/system.ts';
import { endpoint } from './endpoint.ts';
import { Bytes, means, Time } from './schemas.ts';

const System = z
  .object({
    hostname: z.string(),
    os: z.string(),
    kernel: z.string(),
    arch: z.string(),
    cpuModel: z.string(),
    cores: z.number().int(),
    memory: Bytes,
    bootedAt: Time,
    uptime: z.number(),
    addresses: z.array(z.object({ interface: z.string(), address: z.string() })),
    virtualization: z.string().nullable(),
    timezone: z.string(),
    panelVersion: z.string(),
    panelStartedAt: Time,
    bunVersion: z.string(),
    missing: means(z.array(z.string()), 'missing'),
  })
  .meta({ id: 'System' });

export const system = [
  endpoint({
    id: 'system.get', method: 'get', path: '/system', permission: 'system.read', status: 200,
    response: System,
    run: (app) => readSystem(app),
  }),
];
