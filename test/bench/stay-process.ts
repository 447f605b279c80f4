/** The process that is measured: an embedder of the library that watches a node and does nothing else. */
import * as E from 'fp-ts/lib/Either.js';
import { containerdPorts } from '../../src/containerd/index.js';
import { openWritableDisk } from '../../src/disk/index.js';
import { describePortError, describeRecoveryFailure, watch } from '../../src/index.js';
import { silentLog, systemClock } from '../../src/ports/index.js';
import { openContainerIo } from '../../src/stdio/index.js';
import { openExitTimes } from './stay/exit-times.js';
import type { News, Order, Place } from './stay/messages.js';
import { measureWindows } from './stay/windows.js';

const namespace = 'k8s.io';
const windowMs = 10_000;

const tell = (news: News): void => {
  process.send?.(news);
};
const rightOf = <L, A>(either: E.Either<L, A>, describe: (left: L) => string): A => {
  if (E.isLeft(either)) throw new Error(describe(either.left));
  return either.right;
};

const { address, root, state }: Place = JSON.parse(process.argv[2] ?? '{}');
const disk = rightOf(await openWritableDisk({ root, state })(), describePortError);
const { close: disconnect, ...containerd } = containerdPorts({ address, namespace });
const { close: letGo, ...containerIo } = openContainerIo({
  state,
  onTrouble: ({ id, error }) => tell({ _tag: 'Trouble', text: `the log of ${id}: ${error.message}` }),
});
const times = openExitTimes((exit) => tell({ _tag: 'Settled', exit }));
const own = containerdPorts({ address, namespace });
const listening = new AbortController();
const heard = times.listen(own.exits, listening.signal);

const began = performance.now();
const watching = rightOf(
  await watch()({
    location: { namespace, root, state },
    ...containerd,
    ...disk,
    checkpoints: times.timed(disk.checkpoints),
    containerIo,
    clock: systemClock,
    log: silentLog,
  })(),
  describeRecoveryFailure,
);
const tookMs = performance.now() - began;
const read = (async () => {
  for await (const change of watching.changes) {
    if (change._tag === 'ContainerChanged') times.told(change.now.record.id);
    else tell({ _tag: 'Trouble', text: change._tag });
  }
})();

let windows: ReturnType<typeof measureWindows> | undefined;
let isStopping = false;
const stop = async (): Promise<void> => {
  if (isStopping) return;
  isStopping = true;
  windows?.end();
  await watching.stop();
  await letGo();
  listening.abort();
  await Promise.all([read, heard]);
  disconnect();
  own.close();
  if (process.connected) process.disconnect();
};
process.on('message', (order: Order) => {
  if (order === 'stop') void stop();
  else windows = measureWindows(windowMs, (sample) => tell({ _tag: 'Window', sample }));
});
// Nobody is left to be told.
process.once('disconnect', () => void stop());
tell({ _tag: 'Recovered', containers: watching.recovered.containers.length, tookMs });
