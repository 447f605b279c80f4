/**
 * Clients of containerd's gRPC services over its unix socket. Loaded with the first call only, and the gRPC library with it.
 */
import { createClient, type Interceptor } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import type { ContainerdEndpoint } from './endpoint.js';
import { Containers } from './proto/gen/containers_pb.js';
import { Content } from './proto/gen/content_pb.js';
import { Events } from './proto/gen/events_pb.js';
import { Images } from './proto/gen/images_pb.js';
import { Introspection } from './proto/gen/introspection_pb.js';
import { Snapshots } from './proto/gen/snapshots_pb.js';
import { Tasks } from './proto/gen/tasks_pb.js';
import { Version } from './proto/gen/version_pb.js';
import { baseUrl, sessionManager } from './session.js';

export type Clients = ReturnType<typeof openClients>;

/** Clients that connect when they are first asked and hang up when `closed` fires. */
export const openClients = ({ address, namespace }: ContainerdEndpoint, closed: AbortSignal) => {
  const transport = createGrpcTransport({
    baseUrl,
    sessionManager: sessionManager(address, closed),
    interceptors: [inNamespace(namespace)],
    // Within one machine compression only costs.
    acceptCompression: [],
    // A field that is not in our messages, such as a container's spec, would keep the whole message in memory.
    binaryOptions: { readUnknownFields: false },
    readMaxBytes: longestMessage,
  });
  return {
    version: createClient(Version, transport),
    containers: createClient(Containers, transport),
    tasks: createClient(Tasks, transport),
    images: createClient(Images, transport),
    content: createClient(Content, transport),
    snapshots: createClient(Snapshots, transport),
    introspection: createClient(Introspection, transport),
    events: createClient(Events, transport),
  };
};

/** Twice what containerd sends in one message unless it is told otherwise. The client would take 4 GiB. */
const longestMessage = 32 * 1024 * 1024;

const inNamespace =
  (namespace: string): Interceptor =>
  (next) =>
  (request) => {
    request.header.set('containerd-namespace', namespace);
    return next(request);
  };
