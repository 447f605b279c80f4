/** One request to an example's server, over a port of the loopback or a unix socket. */
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';

export interface Answered {
  readonly status: number | undefined;
  readonly type: string | undefined;
  readonly body: string;
}

export const httpGet = async (
  server: { readonly port: number } | { readonly socketPath: string },
  path: string,
  method = 'GET',
): Promise<Answered> => {
  const asked = request({ host: '127.0.0.1', ...server, path, method, agent: false }).end();
  const [response]: IncomingMessage[] = await once(asked, 'response');
  if (response === undefined) throw new Error('no response');
  return { status: response.statusCode, type: response.headers['content-type'], body: await text(response) };
};
