/** The agent's two pages: `/metrics` for Prometheus, `/healthz` for whoever asks whether the node can be seen. */
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';

export interface Pages {
  readonly registry: Registry;
  /** Why the node cannot be seen; undefined where it can. */
  readonly trouble: () => string | undefined;
}

export interface Served {
  readonly address: AddressInfo;
  readonly close: () => void;
}

/** Resolves once it listens. */
export const serve = async (pages: Pages, host: string, port: number): Promise<Served> => {
  const server: Server = createServer(({ method, url }, response) => {
    if (method !== 'GET') response.writeHead(405, { allow: 'GET' }).end();
    else if (url === '/metrics') void sendMetrics(pages.registry, response);
    else if (url === '/healthz') sendHealth(pages.trouble(), response);
    else response.writeHead(404).end();
  });
  server.listen(port, host);
  await once(server, 'listening');
  return {
    address: server.address() as AddressInfo,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};

const sendMetrics = async (registry: Registry, response: ServerResponse): Promise<void> => {
  const text = await registry.metrics();
  response.writeHead(200, { 'content-type': registry.contentType }).end(text);
};

const sendHealth = (trouble: string | undefined, response: ServerResponse): void => {
  response
    .writeHead(trouble === undefined ? 200 : 503, { 'content-type': 'text/plain; charset=utf-8' })
    .end(`${trouble ?? 'ok'}\n`);
};
