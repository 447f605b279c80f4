/**
 * The entry point `./testing`: a whole node in memory, its ports, calls recorded, faults injected, and the contract that every adapter must
 * pass. Needs neither containerd nor a file system, and no test runner in particular.
 */
export { fakeDirectory, fakeNode } from './build-node.js';
export type { Arrange, Check } from './contracts/check.js';
export { type CheckpointReaderWorld, checkpointReaderContract } from './contracts/checkpoint-reader.js';
export { type CheckpointWriterWorld, checkpointWriterContract } from './contracts/checkpoint-writer.js';
export { clockContract } from './contracts/clock.js';
export { type ContainerIoWorld, containerIoContract } from './contracts/container-io.js';
export { type ContainerListerWorld, containerListerContract } from './contracts/container-lister.js';
export { type DaemonWorld, daemonContract } from './contracts/daemon.js';
export { type DirectoryReaderWorld, directoryReaderContract } from './contracts/directory-reader.js';
export { type DirectorySweeperWorld, directorySweeperContract } from './contracts/directory-sweeper.js';
export { type ExitSubscriberWorld, exitSubscriberContract } from './contracts/exit-subscriber.js';
export { type HostWorld, hostContract } from './contracts/host.js';
export { type ImageMarkerWorld, imageMarkerContract } from './contracts/image-marker.js';
export { type ImageReaderWorld, imageReaderContract } from './contracts/image-reader.js';
export { type LockWorld, lockContract } from './contracts/lock.js';
export { type TaskReaderWorld, taskReaderContract } from './contracts/task-reader.js';
export { type TaskRemoverWorld, taskRemoverContract } from './contracts/task-remover.js';
export { type ContainerOptions, fakeContainer } from './fake-container.js';
export { fakeImage, type ImageOptions } from './fake-image.js';
export type { FakeCheckpoint, FakeContainer, FakeDirectory, FakeImage, FakeNode, FakeSandbox } from './fake-node.js';
export { type FakePorts, fakePorts } from './fake-ports.js';
export { emptyJson, fakeId, type RecordOptions } from './fake-record.js';
export { fakeSandbox, type SandboxOptions } from './fake-sandbox.js';
export { fakePid, fakeTask } from './fake-task.js';
export { fakeTime, second } from './fake-time.js';
export { observationOf } from './observation-of.js';
export { type Recorded, type RecordedCall, recorded } from './recorded.js';
export { refusingPorts } from './refusing-ports.js';
export { type Fault, withFaults } from './with-faults.js';
