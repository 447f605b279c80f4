/** The measured process as the benchmark sees it. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { TestNode } from '../../containerd/harness/index.js';
import type { News, Order, Place } from './messages.js';

const program = fileURLToPath(new URL('../stay-process.js', import.meta.url));

export interface Watched {
  readonly recovered: Extract<News, { _tag: 'Recovered' }>;
  readonly measure: () => void;
  /** The same promise, which fails at once where the process ends meanwhile. */
  readonly whileItLives: <A>(work: Promise<A>) => Promise<A>;
  /** Ends it as an embedder would, and fails where it does not end well. */
  readonly stop: () => Promise<void>;
  /** Ends it at once. */
  readonly kill: () => void;
}

/** Resolves once the node is recovered. `onNews` is told what comes then. */
export const watchFrom = async (node: TestNode, onNews: (news: News) => void): Promise<Watched> => {
  const place: Place = { address: node.socket, root: node.criRoot, state: node.criState };
  const child = fork(program, [JSON.stringify(place)], { execArgv: ['--expose-gc'] });
  const exited = once(child, 'exit');
  const died = exited.then(([code, signal]): never => {
    throw new Error(`the watching process ended with ${code ?? signal}`);
  });
  died.catch(() => undefined);
  const recovered = new Promise<Watched['recovered']>((resolve) => {
    child.on('message', (message: News) => {
      if (message._tag === 'Recovered') resolve(message);
      else onNews(message);
    });
  });
  // An order that does not arrive finds the process dead, which is told in another place.
  const order = (what: Order) => child.send(what, () => undefined);
  return {
    recovered: await Promise.race([recovered, died]),
    measure: () => order('measure'),
    whileItLives: (work) => Promise.race([work, died]),
    stop: async () => {
      order('stop');
      const [code, signal] = await exited;
      if (code !== 0) throw new Error(`the watching process ended with ${code ?? signal}`);
    },
    kill: () => child.kill('SIGKILL'),
  };
};
