/** A containerd without pods, as much of it as a watch asks for, for a command that is a process of its own. */
import http2 from 'node:http2';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { Containers } from '../../src/containerd/proto/gen/containers_pb.js';
import { Images } from '../../src/containerd/proto/gen/images_pb.js';
import { Introspection } from '../../src/containerd/proto/gen/introspection_pb.js';
import { Tasks } from '../../src/containerd/proto/gen/tasks_pb.js';
import { Version } from '../../src/containerd/proto/gen/version_pb.js';
import { FakeEvents } from '../containerd-adapter/fake-events.js';
import { listen } from '../containerd-adapter/socket.js';

/** Listens until the test is over. Of the containers it has, none says what it is. */
export const fakeDaemon = async (containers = 0) => {
  const events = new FakeEvents();
  let hasCri = false;
  const server = http2.createServer(
    connectNodeAdapter({
      routes: (router) => {
        events.routes(router);
        router.service(Version, { version: () => ({ version: 'v1.7.24' }) });
        router.service(Introspection, { plugins: () => ({ plugins: hasCri ? [{ id: 'cri' }] : [] }) });
        router.service(Tasks, { list: () => ({ tasks: [] }) });
        router.service(Images, { list: () => ({ images: [] }) });
        router.service(Containers, {
          listStream: async function* ({ filters }) {
            const isAsked = filters.some((filter) => filter.endsWith('==container'));
            for (let number = 0; isAsked && number < containers; number += 1)
              yield { container: { id: `container-${number}` } };
          },
        });
      },
    }),
  );
  server.on('sessionError', () => undefined);
  return {
    address: await listen(server),
    /** Ends all subscriptions, so that whoever subscribed begins anew. */
    breakOff: () => events.endStreams(),
    startCri: () => {
      hasCri = true;
    },
  };
};
