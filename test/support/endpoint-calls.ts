import { expect } from 'bun:test';
import type { Init } from './app.ts';
import { smallEngine } from './small-engine.ts';

type Run = (id: string, path: string, init?: Init) => Promise<unknown>;

const body = (value: object): Init => ({ body: JSON.stringify(value), headers: { 'content-type': 'application/json' } });

/** Calls everything that the API says about engines, on a second one. */
export async function endpointCalls(run: Run) {
  const small = smallEngine('small');
  try {
    await run('docker.get', '/docker');
    expect(await run('docker.get', '/docker?disk=true')).toMatchObject({ endpoint: 'here', up: true, disk: expect.any(Array) });
    const { id } = (await run('dockerEndpoints.create', '/docker/endpoints', body({ name: 'api', kind: 'unix', socket: small.socket }))) as { id: string };
    expect(await run('dockerEndpoints.list', '/docker/endpoints')).toMatchObject({ items: [{ id: 'here', chosen: true }, { id, chosen: false }] });
    await run('dockerEndpoints.get', '/docker/endpoints/here');
    expect(await run('dockerEndpoints.change', `/docker/endpoints/${id}`, body({ name: 'second', kind: 'unix', socket: small.socket }))).toMatchObject({ name: 'second' });
    expect(await run('dockerEndpoints.test', `/docker/endpoints/${id}/test`)).toMatchObject({ up: true, version: '9.9.9-small' });
    await run('dockerEndpoints.use', `/docker/endpoints/${id}/use`);
    expect(await run('docker.get', '/docker')).toMatchObject({ endpoint: id, version: '9.9.9-small' });
    await run('dockerEndpoints.use', '/docker/endpoints/here/use');
    await run('dockerEndpoints.remove', `/docker/endpoints/${id}`);
  } finally {
    await small.stop();
  }
}
