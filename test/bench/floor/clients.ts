/** The gRPC client as it comes, with nothing of the library around it but the messages. */
import { connect } from 'node:net';
import { createClient } from '@connectrpc/connect';
import { createGrpcTransport, Http2SessionManager } from '@connectrpc/connect-node';
import { Containers } from '../../../src/containerd/proto/gen/containers_pb.js';
import { Content } from '../../../src/containerd/proto/gen/content_pb.js';
import { Images } from '../../../src/containerd/proto/gen/images_pb.js';
import { Introspection } from '../../../src/containerd/proto/gen/introspection_pb.js';
import { Snapshots } from '../../../src/containerd/proto/gen/snapshots_pb.js';
import { Tasks } from '../../../src/containerd/proto/gen/tasks_pb.js';
import { Version } from '../../../src/containerd/proto/gen/version_pb.js';
import { namespace } from '../measure/place.js';

export type Clients = ReturnType<typeof openClients>;

export const openClients = (address: string) => {
  const baseUrl = 'http://localhost';
  const sessionManager = new Http2SessionManager(baseUrl, {}, { createConnection: () => connect(address) });
  const transport = createGrpcTransport({
    baseUrl,
    sessionManager,
    acceptCompression: [],
    binaryOptions: { readUnknownFields: false },
    interceptors: [
      (next) => (request) => {
        request.header.set('containerd-namespace', namespace);
        return next(request);
      },
    ],
  });
  return {
    version: createClient(Version, transport),
    containers: createClient(Containers, transport),
    tasks: createClient(Tasks, transport),
    images: createClient(Images, transport),
    content: createClient(Content, transport),
    snapshots: createClient(Snapshots, transport),
    introspection: createClient(Introspection, transport),
    close: () => sessionManager.abort(),
  };
};
