/** A shim that gets a little done now and then: stopped and let go again and again. */
import { shimOf, type TestNode } from '../harness/index.js';
import { signal } from '../harness/processes.js';

export interface SlowShim {
  /** Lets it run as before. */
  readonly stop: () => Promise<void>;
}

const stoppedMs = 300;
const runningMs = 60;

export const slowShim = async (node: TestNode, sandboxId: string): Promise<SlowShim> => {
  const { pid } = await shimOf(node, sandboxId);
  let timer: NodeJS.Timeout | undefined;
  const hold = (): void => {
    signal(pid, 'SIGSTOP');
    timer = setTimeout(release, stoppedMs);
  };
  const release = (): void => {
    signal(pid, 'SIGCONT');
    timer = setTimeout(hold, runningMs);
  };
  hold();
  return {
    stop: async () => {
      clearTimeout(timer);
      signal(pid, 'SIGCONT');
    },
  };
};
