/** The agent over any planner: looks at the node again and again, and says what it sees in metrics, on a health page and in a log. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Planner } from 'cri-recovery';
import { type Oddities, odditiesOf, without } from './oddities-of.js';
import { openMetrics } from './open-metrics.js';
import { serve } from './serve.js';

export interface AgentOptions {
  readonly planner: Pick<Planner, 'plan'>;
  readonly intervalMs: number;
  readonly host: string;
  /** 0 for any that is free, which the log names. */
  readonly port: number;
  /** Ends the agent. */
  readonly signal: AbortSignal;
  readonly log: (event: string, fields: object) => void;
}

/** Runs until the signal fires, whatever becomes of containerd. Rejects where it cannot listen. */
export const runAgent = async ({ planner, intervalMs, host, port, signal, log }: AgentOptions): Promise<void> => {
  const metrics = openMetrics();
  let known: Oddities = new Map();
  let trouble: string | undefined = 'the node has not been looked at yet';

  const look = async (): Promise<void> => {
    const begun = performance.now();
    const plan = await planner.plan({ signal });
    metrics.seen(plan, (performance.now() - begun) / 1_000);
    if (trouble !== undefined) log('node-seen', { containerd: plan.node.containerd });
    trouble = undefined;
    const oddities = odditiesOf(plan);
    for (const odd of without(oddities, known)) log('finding', odd);
    for (const odd of without(known, oddities)) log('finding-gone', odd);
    known = oddities;
  };

  const { address, close } = await serve({ registry: metrics.registry, trouble: () => trouble }, host, port);
  log('listening', { ...address });
  try {
    while (!signal.aborted) {
      await look().catch((thrown: unknown) => {
        if (signal.aborted) return;
        const why = thrown instanceof Error ? thrown.message : String(thrown);
        metrics.unseen();
        if (why !== trouble) log('node-not-seen', { why });
        trouble = why;
      });
      // Rejects when the signal fires, which ends the loop.
      await delay(intervalMs, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    close();
    log('stopped', {});
  }
};
