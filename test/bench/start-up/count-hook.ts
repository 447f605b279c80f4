/** A module hook that tells of every ES module that is loaded. */
import type { LoadHook } from 'node:module';
import type { MessagePort } from 'node:worker_threads';

let tell: (url: string) => void = () => undefined;

export const initialize = ({ port }: { readonly port: MessagePort }): void => {
  tell = (url) => port.postMessage(url);
};

export const load: LoadHook = async (url, context, nextLoad) => {
  const loaded = await nextLoad(url, context);
  if (loaded.format === 'module') tell(url);
  return loaded;
};
