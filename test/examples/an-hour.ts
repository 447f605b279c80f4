/**
 * An hour of the node agent, scraped and looking every second, as fast as it goes: a process of its own. Pods come and go with ids of their own
 * and something odd about each, and containerd is away now and then. Prints by how much the heap has grown since the first twenty minutes.
 */
import { Agent, get } from 'node:http';
import { text } from 'node:stream/consumers';
import { createPlanner } from 'cri-recovery';
import { fakeContainer, fakeNode, fakePorts, fakeSandbox, withFaults } from 'cri-recovery/testing';

const { runAgent }: typeof import('../../examples/node-agent/src/run-agent.js') = await import(process.argv[2] ?? '');

const [warmUp, hour] = [1_200, 3_600];

const nodeAt = (second: number) => {
  const pod = second.toString(16).padStart(63, '0');
  const gone = ['a', 'b', 'c'].map((letter) =>
    fakeContainer({ id: `${letter}${pod}`, sandboxId: pod, task: 'absent' }),
  );
  return fakeNode({
    sandboxes: [fakeSandbox({ id: pod })],
    containers: [fakeContainer({ id: 'runs', sandboxId: pod }), ...gone],
  });
};

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const ports = fakePorts(nodeAt(0));
const planner = createPlanner(ports);
const without = createPlanner(withFaults(ports, [{ port: 'containers', effect: { error: 'Unavailable' } }]));
let second = 0;
/** Looks that may be begun by now, and looks that are over. */
let due = 0;
let looks = 0;
let logged = 0;
let port = 0;
const stopping = new AbortController();
const ended = runAgent({
  planner: {
    plan: async (call) => {
      while (looks === due && !stopping.signal.aborted) await turn();
      try {
        return await (second % 60 === 59 ? without : planner).plan(call);
      } finally {
        looks += 1;
      }
    },
  },
  intervalMs: 0,
  host: '127.0.0.1',
  port: 0,
  signal: stopping.signal,
  log: (_, fields) => {
    logged += 1;
    if ('port' in fields) port = Number(fields.port);
  },
});

const connections = new Agent({ keepAlive: true, maxSockets: 1 });
const fetchPage = (path: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const asked = get({ host: '127.0.0.1', port, path, agent: connections }, (response) => resolve(text(response)));
    asked.on('error', reject);
  });
const heapUsed = async (): Promise<number> => {
  for (let round = 0; round < 3; round += 1) {
    globalThis.gc?.();
    await turn();
  }
  return process.memoryUsage().heapUsed;
};

while (port === 0) await turn();
let warm = 0;
let bytes = 0;
for (; second < hour; second += 1) {
  if (second === warmUp) warm = await heapUsed();
  ports.change(() => nodeAt(second));
  due += 1;
  while (looks < due) await turn();
  bytes += (await fetchPage('/metrics')).length;
}
const end = await heapUsed();
stopping.abort();
await ended;
connections.destroy();
console.log(JSON.stringify({ grown: end - warm, warm, looks, logged, bytes }));
