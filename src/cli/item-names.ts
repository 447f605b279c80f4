/** The names of pods and containers as people know them. */

interface Named {
  readonly id: string;
  readonly name: string;
}

/** `name_namespace_uid_attempt` → `namespace/name`; anything else as it is. */
export const podName = (name: string): string => {
  const parts = name.split('_');
  return parts.length === 4 ? `${parts[1]}/${parts[0]}` : name;
};

/** `name_pod_namespace_uid_attempt` → `name`; anything else as it is. */
export const containerName = (name: string): string => {
  const parts = name.split('_');
  return parts.length === 5 ? `${parts[0]}` : name;
};

/** As much of an id as tells items apart. */
export const shortId = (id: string): string => id.slice(0, 12);

/** The same of an id that may be no such thing: what does not look like one is not cut. */
export const idText = (id: string): string => (/^[0-9a-f]{64}$/.test(id) ? shortId(id) : id);

/** A pod where nothing around says which: `namespace/name`, or its name and id where that is none of the kubelet's. */
export const podText = ({ id, name }: Named): string =>
  name.split('_').length === 4 ? podName(name) : nameAndId(id, name);

/** A container where nothing around says which: `namespace/pod/name`, or its name and id where that is none of the kubelet's. */
export const containerText = ({ id, name }: Named): string => {
  const [container, pod, namespace, ...others] = name.split('_');
  return others.length === 2 ? `${namespace}/${pod}/${container}` : nameAndId(id, name);
};

const nameAndId = (id: string, name: string): string =>
  name === '' || name === id ? shortId(id) : `${name} ${shortId(id)}`;
