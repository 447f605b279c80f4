/** What a containerd with so many records and tasks answers to each call of a recovery, encoded as it is sent. */
import { create, toBinary } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { ListTasksResponseSchema, type Process } from '../../containerd/proto/gen/tasks_pb.js';
import { VersionResponseSchema } from '../../containerd/proto/gen/version_pb.js';
import type { Answer } from './grpc-server.js';
import { idsOfLength, kindOf, podCount } from './item-mix.js';
import type { FakeContainerdInput, FakeContainerdReady } from './messages.js';
import { type Encoded, encodeContainer, encodePod } from './records.js';
import { stamp } from './stamp.js';

const services = '/containerd.services.';

/** Answers by the path of the method, and the size of a container's record. */
export const fakeAnswers = ({
  containers,
  split,
}: FakeContainerdInput): {
  readonly answers: Readonly<Record<string, Answer>>;
  readonly sizes: FakeContainerdReady;
} => {
  const pods = podCount(containers);
  const container = encodeContainer(ids.container(0), ids.pod(0), split);
  const pod = encodePod(ids.pod(0));
  const lists = {
    container: () => each(containers, ids.container, stamp(container.message, ids.container(0))),
    sandbox: () => each(pods, ids.pod, stamp(pod.message, ids.pod(0))),
  };
  const tasks = encodeTasks(containers, pods);
  const version = toBinary(VersionResponseSchema, create(VersionResponseSchema, { version: 'v1.7.24' }));
  return {
    answers: {
      [`${services}introspection.v1.Introspection/Plugins`]: () => [nothing],
      [`${services}version.v1.Version/Version`]: () => [version],
      [`${services}containers.v1.Containers/ListStream`]: (request) =>
        request.includes('==sandbox') ? lists.sandbox() : lists.container(),
      [`${services}tasks.v1.Tasks/List`]: () => [tasks],
      [`${services}tasks.v1.Tasks/Get`]: () => 'not found',
      [`${services}images.v1.Images/List`]: () => [nothing],
    },
    sizes: sizesOf(container),
  };
};

const ids = idsOfLength(64);
const nothing = new Uint8Array();

const each = function* (
  count: number,
  idOf: (index: number) => string,
  make: (id: string) => Uint8Array,
): Generator<Uint8Array> {
  for (let index = 0; index < count; index += 1) yield make(idOf(index));
};

const encodeTasks = (containers: number, pods: number): Uint8Array => {
  const running = [...Array(containers).keys()].filter((index) => kindOf(index) === 'running').map(ids.container);
  const all = [...[...Array(pods).keys()].map(ids.pod), ...running];
  const tasks = all.map((id, index) => taskOf(id, index + 1_000));
  return toBinary(ListTasksResponseSchema, create(ListTasksResponseSchema, { tasks }));
};

const statusRunning = 2;

const taskOf = (id: string, pid: number): Omit<Process, '$typeName' | 'containerId'> => ({
  id,
  pid,
  status: statusRunning,
  stdin: '',
  stdout: `/run/containerd/io.containerd.grpc.v1.cri/containers/${id}/io/123456789/${id}-stdout`,
  stderr: `/run/containerd/io.containerd.grpc.v1.cri/containers/${id}/io/123456789/${id}-stderr`,
  terminal: false,
  exitStatus: 0,
  // Go's zero time.
  exitedAt: timestampFromDate(new Date('0001-01-01T00:00:00Z')),
});

const sizesOf = ({ message, metadata, spec, labels }: Encoded): FakeContainerdReady => ({
  record: message.length,
  metadata,
  spec,
  labels,
});
