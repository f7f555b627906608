/** An engine on the named pipe of Windows, for Wine: it says who it is and that one container runs. Compiled by wine.test.ts. */
const answers: Record<string, unknown> = {
  '/version': { Version: '29.0.0', ApiVersion: '1.52' },
  '/info': { NCPU: 2, MemTotal: 2 ** 32 },
  '/containers/json': [{ Id: 'ab'.repeat(32), Names: ['/over-a-pipe'], Image: 'a:1', ImageID: 'sha256:0', Command: 'a', Created: 1_700_000_000, State: 'running', Status: 'Up 3 hours', Ports: [], Labels: {} }],
};

Bun.listen({
  unix: '\\\\.\\pipe\\docker_engine',
  socket: {
    data(socket, bytes) {
      const path = /^GET ([^? ]+)/.exec(bytes.toString())?.[1] ?? '';
      const body = JSON.stringify(answers[path] ?? { message: 'page not found' });
      socket.write(`HTTP/1.1 ${path in answers ? '200 OK' : '404 Not Found'}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`);
      socket.end();
    },
  },
});
console.log('listening');
