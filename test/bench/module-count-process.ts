/** The program that counts what an entry point loads: ES modules by a hook, CommonJS modules by Node's own cache of them. */
import { createRequire, register } from 'node:module';
import { MessageChannel } from 'node:worker_threads';
import { givenInput, tellResult } from './measure/child.js';

const path = givenInput<string>();
const { port1, port2 } = new MessageChannel();
const loaded = new Set<string>();
port1.on('message', (url: string) => loaded.add(url));
port1.unref();
register('./start-up/count-hook.js', import.meta.url, { data: { port: port2 }, transferList: [port2] });
await import(path);
// Messages of the hook come in order, so the last of an import of nothing comes after all others.
const last = 'data:text/javascript,';
const seen = new Promise<void>((resolve) => port1.on('message', (url: string) => url === last && resolve()));
port1.ref();
await import(last);
await seen;
port1.close();
loaded.delete(last);
tellResult(loaded.size + Object.keys(createRequire(import.meta.url).cache).length);
